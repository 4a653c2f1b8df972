/** What went wrong with a request. Switch on `code`, show `message` and `requestId`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: string,
    message: string,
    readonly status: number,
    readonly fields: Readonly<Record<string, string>> = {},
    readonly requestId: string | null = null,
  ) {
    super(message);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textFields(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Reads the error body of the contract; anything else (a proxy's page) becomes `http.<status>`. */
export function errorFromReply(body: unknown, response: Response): ApiError {
  const error = isRecord(body) ? body['error'] : undefined;
  const requestId = response.headers.get('x-request-id');
  if (isRecord(error) && typeof error['code'] === 'string' && typeof error['message'] === 'string') {
    const named = typeof error['request_id'] === 'string' ? error['request_id'] : requestId;
    return new ApiError(error['code'], error['message'], response.status, textFields(error['fields']), named);
  }
  const message =
    response.status >= 500
      ? 'The server could not answer. Try again in a moment.'
      : 'The server refused the request in a way this page does not know. Reload the page and try again.';
  return new ApiError(`http.${response.status}`, message, response.status, {}, requestId);
}

/** Any thrown thing as an ApiError, so that every screen shows errors in one way. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (
    error instanceof TypeError &&
    /dynamically imported module|importing a module|preload CSS/i.test(error.message)
  ) {
    return new ApiError(
      'client.outdated',
      'Drover was updated since this page was opened. Reload the page.',
      0,
    );
  }
  if (error instanceof TypeError) {
    return new ApiError(
      'network.unreachable',
      'Drover did not answer. Check your connection, then try again.',
      0,
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError('client.unexpected', message, 0);
}
