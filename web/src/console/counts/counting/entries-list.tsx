/** What was entered last on this device, and what became of it. */
import { useText } from "../../i18n";
import { quantity } from "../../shared/format";
import { Time } from "../../shared/time";
import { forget, type Kept } from "./kept";

const SHOWN_MAX = 25;

interface EntriesListProps {
  items: readonly Kept[];
  /** Absent where nothing more can be recorded. */
  onTakeBack?: (item: Kept) => void;
  onAnew?: (skuId: string) => void;
}

export function EntriesList({ items, onTakeBack, onAnew }: EntriesListProps) {
  const { t } = useText();
  const refused = items.filter((it) => it.state === "refused");
  const unsure = newestOfEach(items).filter((it) => it.versionIs === "unsure");
  const newest = new Set(newestOfEach(items));
  const last = items
    .filter((it) => it.state !== "refused")
    .slice(-SHOWN_MAX)
    .reverse();
  return (
    <>
      {refused.length > 0 && (
        <section className="card entries" aria-label={t("counts:refused")}>
          <h2>{t("counts:refused")}</h2>
          <ul>
            {refused.map((item) => (
              <li key={item.key}>
                <Entry item={item} />
                <p className="fault">
                  {t(`counts:refusal.${item.refusal?.code ?? ""}` as never, {
                    skuId: item.skuId,
                    defaultValue: item.refusal?.message ?? "",
                  })}
                </p>
                <div className="actions" data-keeps-focus>
                  {onAnew !== undefined && (
                    <button
                      type="button"
                      onClick={() => {
                        void forget([item.key]);
                        onAnew(item.skuId);
                      }}
                    >
                      {t("counts:countAgain")}
                    </button>
                  )}
                  <button type="button" onClick={() => void forget([item.key])}>
                    {t("counts:dismiss")}
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {unsure.length > 0 && onAnew !== undefined && (
        <section className="card entries" aria-label={t("counts:unsure")}>
          <h2>{t("counts:unsure")}</h2>
          <p>{t("counts:unsureHelp")}</p>
          <ul>
            {unsure.map((item) => (
              <li key={item.key}>
                <Entry item={item} />
                <div className="actions" data-keeps-focus>
                  <button type="button" onClick={() => onAnew(item.skuId)}>
                    {t("counts:countAgain")}
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
      {(last.length > 0 || onTakeBack !== undefined) && (
        <section className="card entries" aria-label={t("counts:entries")}>
          <h2>{t("counts:entries")}</h2>
          {last.length === 0 ? (
            <p className="faint">{t("counts:entriesNone")}</p>
          ) : (
            <ul>
              {last.map((item) => (
                <li key={item.key}>
                  <Entry item={item} />
                  <span className={`badge ${item.state === "recorded" ? "good" : "warn"}`}>
                    {t(item.state === "recorded" ? "counts:recorded" : "counts:waiting")}
                  </span>
                  {newest.has(item) && onTakeBack !== undefined && (
                    <button
                      type="button"
                      aria-label={t("counts:takeBackOf", { skuId: item.skuId })}
                      onClick={() => onTakeBack(item)}
                    >
                      {t("counts:takeBack")}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </>
  );
}

function Entry({ item }: { item: Kept }) {
  return (
    <span className="entry">
      <span className="entry-sku" title={item.skuId}>
        {item.skuId}
      </span>
      <strong>{quantity(item.quantity)}</strong>
      <small className="faint">
        <Time at={item.countedAt} />
      </small>
    </span>
  );
}

/** The last observation of each SKU. */
function newestOfEach(items: readonly Kept[]): Kept[] {
  const newest = new Map<string, Kept>();
  for (const item of items) if (item.state !== "refused") newest.set(item.skuId, item);
  return [...newest.values()];
}
