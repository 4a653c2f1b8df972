/** What to do about a failed enrolment, by the stable code; the message itself comes from the server. */
const ADVICE: readonly [pattern: RegExp, advice: string][] = [
  [
    /credential|login|password/,
    'Check the user name and password, and that the user’s group on the router has the policies api, read, ssh and sensitive.',
  ],
  [
    /closed|refused/,
    'On the router: /ip service enable api-ssl, and see that its “Available From” lets Drover’s address in.',
  ],
  [
    /timeout|unreachable|no_route/,
    'Check the address, that the router is on, and that no firewall on the way drops the port.',
  ],
  [
    /anonymous|no_certificate/,
    'Its api-ssl service has no certificate. Make one on the router (/certificate add, then sign) and set it on api-ssl.',
  ],
  [/tls|certificate/, 'See that api-ssl has a valid certificate and offers TLS 1.2 or newer.'],
  [
    /not_routeros|protocol/,
    'Something else answers on this port. 8729 is RouterOS’s api-ssl; www-ssl (443) and WinBox (8291) are other services.',
  ],
  [
    /duplicate/,
    'Open the device that is there already; use “Change connection” on it when its address has changed.',
  ],
  [
    /network|not_allowed|outside/,
    'The address is outside this client’s management networks. A super admin can widen them.',
  ],
  [/resolve|dns/, 'The name could not be resolved by Drover’s server. Try the address itself.'],
];

export function enrolmentAdvice(code: string | null): string | null {
  if (code === null) return null;
  return ADVICE.find(([pattern]) => pattern.test(code))?.[1] ?? null;
}
