import type { ServerState } from './state.ts';
import { Refusal, type Device, type MockTenant, type Schema } from './types.ts';

export interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  email: string | null;
  csrf: boolean;
  setCookie: (value: string | null) => void;
}
export interface Answer {
  status: number;
  body?: unknown;
}
export type Handler = (context: {
  state: ServerState;
  request: Request;
  ids: string[];
  tenant: MockTenant;
  device: Device;
}) => Answer;

export const missing = (what: string) =>
  new Refusal({ status: 404, code: `${what}.not_found`, message: `There is no such ${what}.` });
export const ok = (body: unknown, status = 200): Answer => ({ status, body });
export const none: Answer = { status: 204 };
export const T = '/api/tenants/(\\d+)';
export const D = `${T}/devices/(\\d+)`;

export function job(kind: string, total: number): Schema<'Job'> {
  return {
    id: 1000 + Math.floor(Math.random() * 1e6),
    kind,
    state: 'queued',
    progress_done: 0,
    progress_total: total,
    step: null,
    error_code: null,
    error_message: null,
    result: null,
    created_at: new Date().toISOString(),
    started_at: null,
    finished_at: null,
  };
}

export function runJob(work: Schema<'Job'>, steps: string[], done: () => void, stepMs = 900): void {
  steps.forEach((step, index) =>
    setTimeout(
      () => Object.assign(work, { state: 'running', step, progress_done: index }),
      stepMs * index + 200,
    ),
  );
  setTimeout(
    () => {
      Object.assign(work, {
        state: 'done',
        step: null,
        progress_done: steps.length,
        finished_at: new Date().toISOString(),
      });
      done();
    },
    stepMs * steps.length + 200,
  );
}

export const range = (request: Request) => request.query.get('range') ?? '24h';

export type Route = [method: string, pattern: string, handler: Handler];
