/** What of the server's answers is kept, for how long, and what is asked again. */
import { QueryClient } from "@tanstack/react-query";

import { ApiError, isRetryable } from "./errors";

const ATTEMPTS_MAX = 3;

/** A change may be sent again as it was: its idempotency key has it carried out once. */
function again(failures: number, error: unknown): boolean {
  return failures < ATTEMPTS_MAX - 1 && isRetryable(error);
}

function pauseMs(failures: number, error: unknown): number {
  const asked = error instanceof ApiError ? error.retryAfterMs : undefined;
  return asked ?? Math.min(500 * 2 ** failures, 5_000);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: again,
      retryDelay: pauseMs,
      staleTime: 2_000,
      // A request that fails tells more than what the browser believes of its network.
      networkMode: "always",
    },
    mutations: { retry: again, retryDelay: pauseMs, networkMode: "always" },
  },
});
