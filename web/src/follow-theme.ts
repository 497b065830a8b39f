/**
 * GraphiQL's style sheet follows the system from light to dark at once, its editors only when the
 * page is loaded; until then their text would be dark on dark.
 */
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useEffect } from "react";

/** Shows nothing; lives inside GraphiQL to reach its theme. */
export function FollowTheme() {
  const chosen = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();
  useEffect(() => {
    if (chosen !== null) return undefined;
    const system = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => setTheme(null);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [chosen, setTheme]);
  return null;
}
