/** Subscriptions, over one socket for the whole page. */
import { createClient, type Client } from "graphql-ws";

import { onTokenChange, token } from "../session/token";
import { ApiError, NetworkError, type GraphqlError } from "./errors";
import type { TypedDocumentString } from "./generated/graphql";

/**
 * `idle`: no view has asked yet. `off`: the server does not take this caller, so that nobody tries
 * again until there is another token.
 */
export type LiveState = "idle" | "connecting" | "live" | "lost" | "off";

/** The server's close code for callers whom it does not take, or not any more. */
const FORBIDDEN = 4403;
const NORMAL = 1000;


const PAUSE_MS_MAX = 10_000;
const KEEP_ALIVE_MS = 15_000;

let client: Client | undefined;
let state: LiveState = "idle";
const listeners = new Set<() => void>();

/** For `useSyncExternalStore`: whether what is shown moves as sales happen. */
export function liveState(): LiveState {
  return state;
}

export function onLiveState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: LiveState) {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

function socket(): Client {
  client ??= createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
    connectionParams: () => {
      const bearer = token();
      return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    },
    keepAlive: KEEP_ALIVE_MS,
    // The page is open all day: it tries for as long as anybody looks at it.
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: async (attempts) => {
      const pause = Math.min(500 * 2 ** attempts, PAUSE_MS_MAX) * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, pause));
    },
    shouldRetry: (event) => !isForbidden(event),
    on: {
      connecting: () => become(state === "live" || state === "lost" ? "lost" : "connecting"),
      connected: () => become("live"),
      closed: (event) => become(afterClose(event)),
      error: () => become(state === "off" ? "off" : "lost"),
    },
  });
  return client;
}

/** The page itself closes the socket once no view follows anything. */
function afterClose(event: unknown): LiveState {
  if (isForbidden(event)) return "off";
  return event instanceof CloseEvent && event.code === NORMAL ? "idle" : "lost";
}

function isForbidden(event: unknown): boolean {
  return event instanceof CloseEvent && event.code === FORBIDDEN;
}

onTokenChange(() => {
  void client?.dispose();
  client = undefined;
  become("idle");
});

export interface LiveOptions<Result> {
  onEvent: (data: Result) => void;
  /** The subscription has ended for good: refused, or not known to this server. */
  onEnd?: (error: Error) => void;
}

/**
 * Subscribes, and answers how to stop. `variables` is read again each time the socket is connected, so
 * that whoever changes `variables.after` at each event goes on behind the last that came.
 */
export function subscribe<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  { onEvent, onEnd }: LiveOptions<Result>,
): () => void {
  return socket().subscribe<Result>(
    { query: document.toString(), variables: variables as Record<string, unknown> },
    {
      next: ({ data, errors }) => {
        const [first] = (errors ?? []) as unknown as GraphqlError[];
        if (first !== undefined) onEnd?.(new ApiError(first, 200));
        else if (data !== undefined && data !== null) onEvent(data);
      },
      error: (error) => {
        const [first] = Array.isArray(error) ? (error as GraphqlError[]) : [];
        onEnd?.(first === undefined ? new NetworkError(String(error)) : new ApiError(first, 200));
      },
      complete: () => undefined,
    },
  );
}
