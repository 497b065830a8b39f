import { useEffect, useRef } from "react";

import type { TypedDocumentString } from "../api/generated/graphql";
import { subscribe } from "../api/live";

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
  const latest = useRef({ variables, onEvent });
  latest.current = { variables, onEvent };
  useEffect(() => {
    if (key === undefined) return undefined;
    const asked = latest.current.variables;
    return subscribe(document, asked, {
      onEvent: (data) => latest.current.onEvent(data, asked),
      // What the view shows was asked for by itself, and tells what is wrong with the caller.
      onEnd: (error) => console.warn(`live updates have ended: ${error.message}`),
    });
  }, [document, key]);
}
