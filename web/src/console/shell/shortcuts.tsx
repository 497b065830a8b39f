/** The console by the keyboard. Keys that write do nothing here while something is written. */
import { useEffect, useState } from "react";
import { tinykeys } from "tinykeys";
import { useLocation } from "wouter";

import { useText } from "../i18n";
import { Dialog } from "../shared/dialog";
import { VIEWS } from "./frame";

const OPEN = "stockflow:open-shortcuts";

export function openShortcuts() {
  dispatchEvent(new Event(OPEN));
}

const KEYS = { stock: "g s", order: "g o", audit: "g a", counts: "g c" } as const;

export function Shortcuts() {
  const { t } = useText();
  const [, navigate] = useLocation();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const show = () => setOpen(true);
    const free = (act: () => void) => (event: KeyboardEvent) => {
      const at = event.target;
      if (at instanceof HTMLElement && at.closest("input, select, textarea, dialog[open]")) return;
      event.preventDefault();
      act();
    };
    addEventListener(OPEN, show);
    const off = tinykeys(window, {
      "/": free(() => document.querySelector<HTMLElement>("[data-search]")?.focus()),
      "Shift+?": free(show),
      ...Object.fromEntries(
        VIEWS.map((view) => [KEYS[view.name], free(() => navigate(view.path))]),
      ),
    });
    return () => {
      removeEventListener(OPEN, show);
      off();
    };
  }, [navigate]);
  return (
    <Dialog open={open} title={t("shortcuts.title")} onClose={() => setOpen(false)}>
      <dl className="shortcuts">
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>{t("shortcuts.search")}</dd>
        {VIEWS.map((view) => (
          <div key={view.name}>
            <dt>
              <kbd>g</kbd> {t("shortcuts.then")} <kbd>{KEYS[view.name].at(-1)}</kbd>
            </dt>
            <dd>{t(`shortcuts.${view.name}`)}</dd>
          </div>
        ))}
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>{t("shortcuts.help")}</dd>
      </dl>
    </Dialog>
  );
}
