import { useState } from "react";

import { LANGUAGES, setLanguage, useText, type Language } from "../i18n";
import { token } from "../session/token";
import { openTokenDialog } from "../session/token-dialog";
import { openShortcuts } from "./shortcuts";
import { setTheme, theme, THEMES, type Theme } from "./theme";

export function Preferences() {
  const { t, language } = useText();
  const [chosen, setChosen] = useState(theme);
  return (
    <div className="preferences">
      <button
        type="button"
        onClick={openTokenDialog}
        title={token() === undefined ? t("token.none") : t("token.set")}
      >
        {t("token.open")}
      </button>
      <select
        aria-label={t("theme.label")}
        value={chosen}
        onChange={(event) => {
          setChosen(event.target.value as Theme);
          setTheme(event.target.value as Theme);
        }}
      >
        {THEMES.map((name) => (
          <option key={name} value={name}>
            {t(`theme.${name}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={t("language")}
        value={language}
        onChange={(event) => setLanguage(event.target.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
      <button type="button" className="icon" aria-label={t("shortcuts.open")} onClick={openShortcuts}>
        ?
      </button>
    </div>
  );
}
