// Sets the colour scheme before the first paint; a file of its own because the CSP refuses inline scripts.
(function () {
  var choice;
  try {
    choice = localStorage.getItem('drover-colour-scheme');
  } catch {
    choice = null;
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
