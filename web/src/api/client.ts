import createClient, { type Middleware } from 'openapi-fetch';
import { errorFromReply } from './errors';
import type { components, paths } from './schema';

export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

let csrfToken: string | null = null;
const expiryListeners = new Set<() => void>();

/** Kept here, outside React, because each request that writes must carry it. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called when the server says that the session is over. */
export function onSessionExpired(listener: () => void): () => void {
  expiryListeners.add(listener);
  return () => expiryListeners.delete(listener);
}

const session: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET' && csrfToken !== null) request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
  onResponse({ request, response }) {
    const isSessionItself = new URL(request.url).pathname === '/api/session';
    if (response.status === 401 && !isSessionItself) for (const listener of expiryListeners) listener();
    return undefined;
  },
};

export const api = createClient<paths>({
  baseUrl: globalThis.location.origin,
  credentials: 'same-origin',
  // Looked up per call, so that tests can put their own fetch in place.
  fetch: (request) => globalThis.fetch(request),
});
api.use(session);

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a reply, or a thrown ApiError. */
export async function unwrap<T>(call: Promise<Reply<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw errorFromReply(error, response);
  if (data === undefined) throw errorFromReply(undefined, response);
  return data;
}

/** For replies without a body (204). */
export async function unwrapEmpty(call: Promise<Reply<unknown>>): Promise<void> {
  const { error, response } = await call;
  if (!response.ok) throw errorFromReply(error, response);
}
