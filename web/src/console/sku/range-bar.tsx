/** Which time the chart shows, and what dragging over it is for. */
import { useText } from "../i18n";
import { InstantField } from "../shared/instant-field";
import type { History } from "./history";
import { PRESETS, type RangeChoice } from "./range";

export const DRAGS = ["zoom", "explain"] as const;
export type DragFor = (typeof DRAGS)[number];

interface RangeBarProps {
  range: RangeChoice;
  history: History | undefined;
  dragFor: DragFor;
  onDragFor: (next: DragFor) => void;
  onRange: (next: RangeChoice) => void;
  onCloser: () => void;
  onFurther: () => void;
}

export function RangeBar(props: RangeBarProps) {
  const { range, history, dragFor, onDragFor, onRange, onCloser, onFurther } = props;
  const { t } = useText();
  return (
    <div className="sku-range">
      <Segments
        name="range"
        legend={t("sku:range")}
        options={PRESETS}
        chosen={range.preset}
        text={(preset) => t(`sku:ranges.${preset}`)}
        onChoose={(preset) => onRange({ preset })}
      />
      <InstantField
        label={t("field.from")}
        value={history?.from}
        onChange={(from) => onRange({ from, to: range.to })}
      />
      <InstantField
        label={t("field.to")}
        value={history?.to}
        onChange={(to) => history !== undefined && onRange({ from: history.from, to })}
      />
      <div className="actions sku-zoom">
        <button type="button" className="icon" aria-label={t("sku:closer")} title={t("sku:closer")} onClick={onCloser}>
          +
        </button>
        <button type="button" className="icon" aria-label={t("sku:further")} title={t("sku:further")} onClick={onFurther}>
          −
        </button>
        <button type="button" disabled={range.preset === "30d"} onClick={() => onRange({ preset: "30d" })}>
          {t("sku:reset")}
        </button>
      </div>
      <Segments
        name="drag"
        legend={t("sku:dragFor")}
        options={DRAGS}
        chosen={dragFor}
        text={(drag) => t(`sku:drags.${drag}`)}
        onChoose={onDragFor}
      />
    </div>
  );
}

interface SegmentsProps<Option extends string> {
  name: string;
  legend: string;
  options: readonly Option[];
  chosen: Option | undefined;
  text: (option: Option) => string;
  onChoose: (option: Option) => void;
}

function Segments<Option extends string>(props: SegmentsProps<Option>) {
  const { name, legend, options, chosen, text, onChoose } = props;
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div className="segments">
        {options.map((option) => (
          <label key={option}>
            <input type="radio" name={name} checked={chosen === option} onChange={() => onChoose(option)} />
            <span>{text(option)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
