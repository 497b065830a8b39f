/**
 * Which tabs the page opens with. A first visit gets the examples. A returning visitor keeps the
 * tabs that GraphiQL remembers; those that still hold an example's text get this visit's keys and
 * SKU, because the old ones are used up. A tab whose text was edited is the visitor's own, and is
 * left as it is.
 */
import { examplesOf, newRun, type Example, type Run } from "./examples";

/** Where GraphiQL keeps its tabs, and where this page keeps what it put into them. */
const TABS_KEY = "graphiql:tabState";
const RUN_KEY = "stockflow:run";

export interface Opening {
  defaultTabs: Example[];
  initialQuery?: string | undefined;
  initialVariables?: string | undefined;
}

interface StoredTabs {
  activeTabIndex: number;
  tabs: { query?: string | null; variables?: string | null }[];
}

export function openTabs(): Opening {
  const run = newRun();
  const examples = examplesOf(run);
  let active: StoredTabs["tabs"][number] | undefined;
  try {
    active = renewStoredTabs(run, examples);
    localStorage.setItem(RUN_KEY, JSON.stringify(run));
  } catch {
    // No storage, or what it holds is not ours to understand: the examples it is.
  }
  // GraphiQL takes the first editor's text from here, and goes to the tab that has this text.
  const first = active ?? examples[0];
  return {
    defaultTabs: examples,
    initialQuery: first?.query ?? undefined,
    initialVariables: first?.variables ?? undefined,
  };
}

/** Returns the tab that was in front, if the visitor has been here before. */
function renewStoredTabs(run: Run, examples: Example[]) {
  const stored = localStorage.getItem(TABS_KEY);
  if (stored === null) return undefined;
  const state = JSON.parse(stored) as StoredTabs;
  const before = JSON.parse(localStorage.getItem(RUN_KEY) ?? "null") as Run | null;
  if (before !== null) {
    const texts = new Set(examples.map((example) => example.query));
    for (const tab of state.tabs) {
      if (!texts.has(tab.query ?? "")) continue;
      tab.variables = tab.variables
        ?.replaceAll(before.token, run.token)
        .replaceAll(`"${before.skuId}"`, `"${run.skuId}"`);
    }
    localStorage.setItem(TABS_KEY, JSON.stringify(state));
  }
  return state.tabs[state.activeTabIndex];
}
