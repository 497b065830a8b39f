import { useEffect, useRef, useSyncExternalStore } from "react";

import type { TypedDocumentString } from "../api/generated/graphql";
import { subscribe } from "../api/live";
import { onTokenChange, token } from "../session/token";

/**
 * Has a view hear of a subscription's events while it is shown. `key` tells when it is another
 * subscription; undefined for none. `variables` is kept as it is, so that `onEvent` may move its cursor.
 */
export function useLive<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  key: string | undefined,
  onEvent: (data: Result, variables: Variables) => void,
) {
  useLiveOfEach(document, key === undefined ? [] : [{ key, variables }], onEvent);
}

interface Followed<Variables> {
  key: string;
  variables: Variables;
}

/** The same for several at once, for what is too much for one subscription. */
export function useLiveOfEach<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  followed: readonly Followed<Variables>[],
  onEvent: (data: Result, variables: Variables) => void,
) {
  // Another caller is told by other subscriptions.
  const caller = useSyncExternalStore(onTokenChange, token);
  const latest = useRef({ followed, onEvent });
  latest.current = { followed, onEvent };
  const running = useRef(new Map<string, () => void>());
  useEffect(() => {
    const stops = running.current;
    return () => {
      for (const stop of stops.values()) stop();
      stops.clear();
    };
  }, [document, caller]);
  const keys = JSON.stringify(followed.map(({ key }) => key));
  useEffect(() => {
    const stops = running.current;
    const wanted = new Map(latest.current.followed.map(({ key, variables }) => [key, variables]));
    for (const [key, stop] of stops) {
      if (wanted.has(key)) continue;
      stop();
      stops.delete(key);
    }
    for (const [key, asked] of wanted) {
      if (stops.has(key)) continue;
      const stop = subscribe(document, asked, {
        onEvent: (data) => latest.current.onEvent(data, asked),
        // What the view shows was asked for by itself, and tells what is wrong with the caller.
        onEnd: (error) => console.warn(`live updates have ended: ${error.message}`),
      });
      stops.set(key, stop);
    }
  }, [document, caller, keys]);
}
