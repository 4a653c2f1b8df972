import createClient, { type Middleware } from 'openapi-fetch';
import { errorFromReply, type ApiError } from './errors';
import type { components, paths } from './schema';

export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];

let csrfToken: string | null = null;
const expiryListeners = new Set<() => void>();
const staleTokenListeners = new Set<() => void>();

/** Kept here, outside React, because each request that writes must carry it. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called when the server says that the session is over. */
export function onSessionExpired(listener: () => void): () => void {
  expiryListeners.add(listener);
  return () => expiryListeners.delete(listener);
}

/** Called when a request was refused for its CSRF token: someone signed in anew in another tab. */
export function onStaleToken(listener: () => void): () => void {
  staleTokenListeners.add(listener);
  return () => staleTokenListeners.delete(listener);
}

function thrown(body: unknown, response: Response): ApiError {
  const error = errorFromReply(body, response);
  if (error.code === 'csrf.missing') for (const listener of staleTokenListeners) listener();
  return error;
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
  if (!response.ok) throw thrown(error, response);
  if (data === undefined) throw errorFromReply(undefined, response);
  return data;
}

/** For replies without a body (204). */
export async function unwrapEmpty(call: Promise<Reply<unknown>>): Promise<void> {
  const { error, response } = await call;
  if (!response.ok) throw thrown(error, response);
}
