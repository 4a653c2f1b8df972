/** What the server's message can't know to add: by the stable code. */
const ADVICE: Readonly<Record<string, string>> = {
  'device.wrong_password': 'For backups the user’s group needs the policies ssh, read and sensitive too.',
  'device.tls_failed': 'See that api-ssl has a valid certificate and offers TLS 1.2 or newer.',
  'device.duplicate_serial': 'Nothing was saved.',
  'device.certificate_changed': 'Nothing was sent to it and nothing was saved.',
};

export function enrolmentAdvice(code: string | null): string | null {
  return code === null ? null : (ADVICE[code] ?? null);
}
