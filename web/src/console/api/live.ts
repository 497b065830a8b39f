/** Subscriptions, over one socket for the whole page. */
import { createClient, type Client } from "graphql-ws";

import { onTokenChange, token } from "../session/token";
import { ApiError, NetworkError, type GraphqlError } from "./errors";
import type { TypedDocumentString } from "./generated/graphql";
import { watch } from "./pulse";

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
/** The server tells of a subscription that fails, and not of one that has begun. */
const BEGUN_MS = 3_000;

let client: Client | undefined;
let socketState: LiveState = "idle";
let state: LiveState = "idle";
const listeners = new Set<() => void>();
/** Subscriptions that have ended, and are begun anew in a moment; and those that have ended for good. */
const waiting = new Set<object>();
const refused = new Set<object>();

/** For `useSyncExternalStore`: whether what is shown moves as sales happen. */
export function liveState(): LiveState {
  return state;
}

export function onLiveState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: LiveState) {
  socketState = next;
  look();
}

/** A socket that lives is not enough: each view's subscription has to. */
function look() {
  const next =
    socketState === "live" && refused.size > 0
      ? "off"
      : socketState === "live" && waiting.size > 0
        ? "lost"
        : socketState;
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

function pauseMs(attempts: number): number {
  return Math.min(500 * 2 ** attempts, PAUSE_MS_MAX) * (0.5 + Math.random() / 2);
}

function socket(): Client {
  client ??= watch(
    createClient({
      url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
      connectionParams: () => {
        const bearer = token();
        return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
      },
      keepAlive: KEEP_ALIVE_MS,
      // The page is open all day: it tries for as long as anybody looks at it.
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: (attempts) => new Promise((resolve) => setTimeout(resolve, pauseMs(attempts))),
      shouldRetry: (event) => !isForbidden(event),
      on: {
        connecting: () => become(socketState === "live" || socketState === "lost" ? "lost" : "connecting"),
        connected: () => become("live"),
        closed: (event) => become(afterClose(event)),
        error: () => become(socketState === "off" ? "off" : "lost"),
      },
    }),
  );
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
 * that whoever changes `variables.after` at each event goes on behind the last that came. One that ends
 * is begun anew, unless the server has refused it for good.
 */
export function subscribe<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  { onEvent, onEnd }: LiveOptions<Result>,
): () => void {
  const self = {};
  const query = document.toString();
  let leave: () => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  const succeed = () => {
    clearTimeout(timer);
    failures = 0;
    if (waiting.delete(self)) look();
  };
  const begin = () => {
    // What an earlier one of these still says is not listened to.
    let ended = false;
    const end = (error: Error | undefined, final: boolean) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      leave();
      if (final) {
        waiting.delete(self);
        refused.add(self);
        if (error !== undefined) onEnd?.(error);
      } else {
        waiting.add(self);
        timer = setTimeout(begin, pauseMs(failures));
        failures += 1;
      }
      look();
    };
    const refuse = (first: GraphqlError) => {
      const error = new ApiError(first, 200);
      end(error, !(error.retryable || PASSING.includes(error.code)));
    };
    const stop = socket().subscribe<Result>(
      { query, variables: variables as Record<string, unknown> },
      {
        next: ({ data, errors }) => {
          if (ended) return;
          const [first] = (errors ?? []) as unknown as GraphqlError[];
          if (first !== undefined) return refuse(first);
          if (data === undefined || data === null) return;
          if (failures > 0) succeed();
          onEvent(data);
        },
        error: (error) => {
          const [first] = Array.isArray(error) ? (error as GraphqlError[]) : [];
          if (first !== undefined) refuse(first);
          // A socket that was closed for good takes its subscriptions with it.
          else end(new NetworkError(String(error)), isForbidden(error));
        },
        complete: () => end(undefined, false),
      },
    );
    if (failures > 0) timer = setTimeout(succeed, BEGUN_MS);
    leave = () => {
      ended = true;
      stop();
    };
  };
  begin();
  return () => {
    clearTimeout(timer);
    leave();
    waiting.delete(self);
    refused.delete(self);
    look();
  };
}

/** Errors that may be gone when it is tried again. */
const PASSING: readonly string[] = ["BUSY", "INTERNAL", "RATE_LIMITED", "TIMEOUT", "UNAVAILABLE"];
