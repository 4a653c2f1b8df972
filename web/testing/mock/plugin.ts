import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import { answer } from './routes.ts';
import type { Request } from './routing.ts';
import { Refusal } from './types.ts';
import { createServerState, openLive } from './state.ts';

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** Development only: answers /api as the contract says, from a made-up world that moves. */
export function mockApi(): Plugin {
  const state = createServerState(Number(process.env['MOCK_DEVICES'] ?? 0));
  const latencyMs = Number(process.env['MOCK_LATENCY_MS'] ?? 25);

  const handle = async (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/')) {
      next();
      return;
    }
    const live = /^\/api\/tenants\/(\d+)\/live$/.exec(url.pathname);
    if (live) {
      openLive(state, Number(live[1]), response);
      return;
    }
    const id = `req-${Math.random().toString(16).slice(2, 10)}`;
    const cookie = /mock_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    const call: Request = {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      body: await bodyOf(request),
      email: cookie === undefined ? null : decodeURIComponent(cookie),
      csrf: request.headers['x-csrf-token'] === 'mock-csrf',
      setCookie: (value) =>
        response.setHeader(
          'Set-Cookie',
          `mock_session=${value === null ? '; Max-Age=0' : encodeURIComponent(value)}; HttpOnly; SameSite=Strict; Path=/`,
        ),
    };
    await new Promise((resolve) => setTimeout(resolve, latencyMs));
    response.setHeader('X-Request-Id', id);
    response.setHeader('Content-Type', 'application/json');
    try {
      const { status, body } = answer(state, call);
      response.statusCode = status;
      response.end(body === undefined ? undefined : JSON.stringify(body));
    } catch (error) {
      const refusal =
        error instanceof Refusal ? error.error : { status: 500, code: 'mock.broken', message: String(error) };
      response.statusCode = refusal.status;
      response.end(
        JSON.stringify({
          error: {
            code: refusal.code,
            message: refusal.message,
            fields: refusal.fields ?? {},
            request_id: id,
          },
        }),
      );
    }
  };

  const middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    void handle(request, response, next);
  };
  return {
    name: 'drover-mock-api',
    configureServer: (server) => void server.middlewares.use(middleware),
    configurePreviewServer: (server) => {
      server.middlewares.use((_request: IncomingMessage, response: ServerResponse, next: () => void) => {
        // What the API sends with the app, so that a breach shows here first.
        response.setHeader(
          'Content-Security-Policy',
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        );
        next();
      });
      server.middlewares.use(middleware);
    },
  };
}
