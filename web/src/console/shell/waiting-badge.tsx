/**
 * Has what was counted on this device sent from any view, and shows how much of it waits. The script
 * that does so is loaded where something was ever counted here, and nowhere else.
 */
import { lazy, Suspense, useEffect, useState } from "react";
import { useLocation } from "wouter";

const WaitingLink = lazy(async () => ({
  default: (await import("../counts/counting/waiting-link")).WaitingLink,
}));
/** As in counts/counting/kept-table.ts, which is not loaded for it. */
const DATABASE = "stockflow-counting";

/** Whether this device has counted. A browser that does not tell may have. */
async function hasCounted(): Promise<boolean> {
  try {
    const databases = await indexedDB.databases();
    return databases.some(({ name }) => name === DATABASE);
  } catch {
    return typeof indexedDB !== "undefined" && indexedDB.databases === undefined;
  }
}

export function WaitingBadge() {
  const [path] = useLocation();
  const [counted, setCounted] = useState(false);
  useEffect(() => {
    if (counted) return;
    let here = true;
    void hasCounted().then((has) => {
      if (here && has) setCounted(true);
    });
    return () => {
      here = false;
    };
  }, [path, counted]);
  if (!counted) return null;
  return (
    <Suspense fallback={null}>
      <WaitingLink />
    </Suspense>
  );
}
