/** What can go wrong with a request, in the words of the API. */

export interface GraphqlError {
  message: string;
  path?: (string | number)[];
  extensions?: {
    code?: string;
    retryable?: boolean;
    retryAfterMs?: number;
    requestId?: string;
    scopes?: string[];
    field?: string[];
  };
}

/** The server has refused, or failed, in its own words. */
export class ApiError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;
  /** Any of these would have done; only where the code is `FORBIDDEN`. */
  readonly scopes: string[];

  constructor(
    error: GraphqlError,
    readonly status: number,
  ) {
    super(error.message);
    this.name = "ApiError";
    this.code = error.extensions?.code ?? "INTERNAL";
    this.retryable = error.extensions?.retryable ?? false;
    this.retryAfterMs = error.extensions?.retryAfterMs;
    this.requestId = error.extensions?.requestId;
    this.scopes = error.extensions?.scopes ?? [];
  }
}

/** No answer came, so it is not known whether the server has carried out what it was sent. */
export class NetworkError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NetworkError";
  }
}

/** Whether the same request, under the same key, may succeed later. */
export function isRetryable(error: unknown): boolean {
  return error instanceof NetworkError || (error instanceof ApiError && error.retryable);
}
