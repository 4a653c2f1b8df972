/** A path of ours as one hands it over: whole, with the host that this page came from. */
export function absoluteUrl(pathOrUrl: string): string {
  return new URL(pathOrUrl, globalThis.location.origin).href;
}
