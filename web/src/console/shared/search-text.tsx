import { useEffect, useId, useState } from "react";

interface SearchTextProps {
  label: string;
  value: string;
  /** It is sent by Enter or by leaving the field, not at each letter. */
  onSearch: (value: string) => void;
  /** What can be searched for, beneath the field. */
  hint?: string;
  /** What is wrong with what was searched for, instead of the hint. */
  fault?: string | undefined;
  placeholder?: string;
  /** The view's main search field, which "/" leads to. */
  main?: boolean;
  charactersMax?: number;
}

/** A text by which a view is filtered. */
export function SearchText(props: SearchTextProps) {
  const { label, value, onSearch, hint, fault, placeholder, main, charactersMax } = props;
  const [typed, setTyped] = useState(value);
  const id = useId();
  useEffect(() => setTyped(value), [value]);
  const described = fault ?? hint;
  return (
    <form
      className={main === true ? "find" : undefined}
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(typed.trim());
      }}
    >
      <label className="field">
        <span>{label}</span>
        <input
          data-search={main === true ? "" : undefined}
          type="search"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder}
          maxLength={charactersMax}
          aria-describedby={described === undefined ? undefined : id}
          aria-invalid={fault !== undefined}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            if (event.target.value === "") onSearch("");
          }}
          onBlur={() => {
            if (typed.trim() !== value) onSearch(typed.trim());
          }}
        />
        {described !== undefined && (
          <span id={id} className={fault === undefined ? "hint" : "fault"}>
            {described}
          </span>
        )}
      </label>
    </form>
  );
}
