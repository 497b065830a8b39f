/** Light or dark: as the system has it, or as the visitor chose. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "stockflow:console:theme";

export function theme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find((it) => it === kept) ?? "system";
  } catch {
    return "system";
  }
}

export function setTheme(next: Theme) {
  apply(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // It holds until the page is left.
  }
  dispatchEvent(new Event(THEME_CHANGED));
}

/** What draws by itself, as a chart, listens for this and for the system's own change. */
export const THEME_CHANGED = "stockflow:theme";

function apply(next: Theme) {
  if (next === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = next;
}

apply(theme());
