/** What a view shows is in its address, so that a link to it shows the same. */
import { useCallback, useMemo } from "react";
import { useSearch } from "wouter";

/** The value of one parameter of the address, and how to change several at once; "" takes one away. */
export function useSearchState() {
  // Tells when the address has changed. What it says is read from the address itself: the library
  // decodes it once before it is taken apart, which loses a "%" that somebody's id has.
  useSearch();
  const { search } = location;
  const parameters = useMemo(() => new URLSearchParams(search), [search]);
  const set = useCallback((values: Record<string, string>) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(values)) {
      if (value === "") next.delete(name);
      else next.set(name, value);
    }
    const query = next.toString();
    const address = location.pathname + (query === "" ? "" : `?${query}`);
    if (address !== location.pathname + location.search)
      history.replaceState(history.state, "", address);
  }, []);
  const get = useCallback((name: string) => parameters.get(name) ?? "", [parameters]);
  return { get, set };
}
