/** The console's languages. Each page has a file of texts in every one of them. */
import i18next from "i18next";
import { useSyncExternalStore } from "react";

import { en } from "./en";
import { zh } from "./zh";

export const LANGUAGES = { en: "English", "zh-CN": "简体中文" } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = "stockflow:console:language";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: typeof en;
  }
}

function preferred(): Language {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept !== null && kept in LANGUAGES) return kept as Language;
  } catch {
    // No storage: the browser's own language it is.
  }
  return navigator.languages.some((it) => it.toLowerCase().startsWith("zh")) &&
    !navigator.languages[0]?.toLowerCase().startsWith("en")
    ? "zh-CN"
    : "en";
}

void i18next.init({
  lng: preferred(),
  fallbackLng: "en",
  defaultNS: "common",
  resources: { en, "zh-CN": zh },
  // React escapes.
  interpolation: { escapeValue: false },
  initAsync: false,
});
document.documentElement.lang = i18next.language;

export function setLanguage(language: Language) {
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // It holds until the page is left.
  }
}

function onLanguage(listener: () => void): () => void {
  i18next.on("languageChanged", listener);
  return () => i18next.off("languageChanged", listener);
}

/** The language, and the texts in it: `t("stock:title")`. */
export function useText() {
  const language = useSyncExternalStore(onLanguage, () => i18next.language as Language);
  return { t: i18next.t, language };
}

/** The language, where no component is at hand. */
export function language(): Language {
  return i18next.language as Language;
}
