import { useText } from "../i18n";
import { change, quantity } from "./format";

/** What an amount is, and what it will be: what a confirmation shows before anything is sent. */
export function BeforeAfter({ before, after }: { before: number; after: number }) {
  const { t } = useText();
  return (
    <dl className="before-after">
      <div>
        <dt>{t("field.before")}</dt>
        <dd>{quantity(before)}</dd>
      </div>
      <div>
        <dt>{t("field.after")}</dt>
        <dd>
          {quantity(after)} <small>{change(after - before)}</small>
        </dd>
      </div>
    </dl>
  );
}
