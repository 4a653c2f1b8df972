import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './theme.css';
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';

// After an update the pieces of the old app are gone: fetch the new one, once.
window.addEventListener('vite:preloadError', () => {
  const last = Number(sessionStorage.getItem('drover-reloaded-at'));
  if (Date.now() - last < 10_000) return;
  sessionStorage.setItem('drover-reloaded-at', String(Date.now()));
  window.location.reload();
});

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
