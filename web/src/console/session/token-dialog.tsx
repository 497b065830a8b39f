/** Where the visitor says who they are. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { useText } from "../i18n";
import { Dialog } from "../shared/dialog";
import { setToken, token } from "./token";

const OPEN = "stockflow:open-token-dialog";

/** Opens the dialog, from anywhere. */
export function openTokenDialog() {
  dispatchEvent(new Event(OPEN));
}

export function TokenDialog() {
  const { t } = useText();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [value, setValue] = useState("");
  const [keep, setKeep] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const show = () => setOpen(true);
    addEventListener(OPEN, show);
    return () => removeEventListener(OPEN, show);
  }, []);
  const use = (next: string | undefined) => {
    setToken(next, keep);
    setValue("");
    setOpen(false);
    // What another caller was shown is none of this one's.
    void queries.resetQueries();
  };
  return (
    <Dialog open={open} title={t("token.title")} onClose={() => setOpen(false)} focus={field}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const given = value.trim().replace(/^bearer\s+/i, "");
          if (given !== "") use(given);
        }}
      >
        <p>{t("token.help")}</p>
        <label className="field">
          <span>{t("token.label")}</span>
          <input
            ref={field}
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={keep}
            onChange={(event) => setKeep(event.target.checked)}
          />
          <span>{t("token.keep")}</span>
        </label>
        <div className="actions">
          <button type="submit" className="primary">
            {t("token.save")}
          </button>
          {token() !== undefined && (
            <button type="button" onClick={() => use(undefined)}>
              {t("token.forget")}
            </button>
          )}
          <button type="button" onClick={() => setOpen(false)}>
            {t("action.cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
