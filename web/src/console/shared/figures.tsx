import type { ReactNode } from "react";

import "./figures.css";

interface Figure {
  label: string;
  value: ReactNode;
  tone?: "good" | "warn" | "bad" | undefined;
}

/** A few numbers that say the most, side by side. */
export function Figures({ figures }: { figures: Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(({ label, value, tone }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className={tone}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
