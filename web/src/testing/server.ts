import { vi } from 'vitest';

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
}

type Answer = Response | Promise<Response>;
type Handler = (call: Call) => Answer;

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
}

export function refusal(status: number, code: string, message: string, requestId = 'req-1'): Response {
  return json({ error: { code, message, fields: {}, request_id: requestId } }, status);
}

export const never: Handler = () => new Promise<Response>(() => undefined);

/** A server of the contract's shape: answers by "METHOD /path", and remembers what it was asked. */
export function serve(handlers: Record<string, Handler>): {
  calls: Call[];
  asked: (route: string) => Call[];
} {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (input: Request | string) => {
    const request = input instanceof Request ? input : new Request(new URL(input, location.origin));
    const url = new URL(request.url);
    const text = request.method === 'GET' ? '' : await request.text();
    const call: Call = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    calls.push(call);
    const handler = handlers[`${call.method} ${call.path}`];
    if (handler) return handler(call);
    if (url.pathname.endsWith('/live')) return never(call);
    return refusal(404, 'not_found', `the test serves no ${call.method} ${call.path}`);
  });
  return { calls, asked: (route) => calls.filter((call) => `${call.method} ${call.path}` === route) };
}
