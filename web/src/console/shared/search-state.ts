/** What a view shows is in its address, so that a link to it shows the same. */
import { useCallback } from "react";
import { useSearchParams } from "wouter";

/** The value of one parameter of the address, and how to change several at once; "" takes one away. */
export function useSearchState() {
  const [parameters, setParameters] = useSearchParams();
  const set = useCallback(
    (values: Record<string, string>) => {
      setParameters(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(values)) {
            if (value === "") next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: true },
      );
    },
    [setParameters],
  );
  const get = useCallback((name: string) => parameters.get(name) ?? "", [parameters]);
  return { get, set };
}
