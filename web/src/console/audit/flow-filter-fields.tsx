import { useText } from "../i18n";
import { SearchText } from "../shared/search-text";
import { TimeSpanFields } from "../shared/time-span-fields";
import { timeSpanParameters, type Preset } from "../shared/time-span";
import { KINDS, SKUS_MAX, type FlowFilter, type SkuFault } from "./flow-filter";

interface FlowFilterFieldsProps {
  filter: FlowFilter;
  fault: SkuFault | undefined;
  /** Changes the address. */
  set: (values: Record<string, string>) => void;
  /** The span that an address without one means. */
  otherwise: Preset;
}

const TEXT_CHARACTERS_MAX = 128;

/** The fields by which entries are filtered. */
export function FlowFilterFields({ filter, fault, set, otherwise }: FlowFilterFieldsProps) {
  const { t } = useText();
  const { kinds } = filter;
  return (
    <search className="filters">
      <SearchText
        main
        label={t("audit:filter.skus")}
        value={filter.find}
        placeholder="1001, 1002"
        hint={t("audit:filter.skusHint")}
        fault={fault === undefined ? undefined : t(`stock:${fault}`, { max: SKUS_MAX })}
        onSearch={(find) => set({ find })}
      />
      <SearchText
        label={t("field.orderDetailId")}
        value={filter.orderDetailId}
        charactersMax={TEXT_CHARACTERS_MAX}
        onSearch={(order) => set({ order })}
      />
      <SearchText
        label={t("field.actor")}
        value={filter.actor}
        charactersMax={TEXT_CHARACTERS_MAX}
        onSearch={(actor) => set({ actor })}
      />
      <SearchText
        label={t("audit:filter.key")}
        value={filter.idempotencyKey}
        charactersMax={TEXT_CHARACTERS_MAX}
        onSearch={(key) => set({ key })}
      />
      <TimeSpanFields
        span={filter.span}
        onChange={(span) => set(timeSpanParameters(span, otherwise))}
      />
      <fieldset className="choices">
        <legend>{t("field.kind")}</legend>
        {KINDS.map((kind) => (
          <label key={kind} className="choice">
            <input
              type="checkbox"
              checked={kinds.includes(kind)}
              onChange={(event) =>
                set({
                  kind: KINDS.filter((it) =>
                    it === kind ? event.target.checked : kinds.includes(it),
                  ).join(),
                })
              }
            />
            <span>{t(`kind.${kind}`)}</span>
          </label>
        ))}
      </fieldset>
    </search>
  );
}
