/** What a stocktake was refused for, with the SKU that it is about and what to do. */
import { Link } from "wouter";

import { useText } from "../i18n";
import type { UserError } from "../shared/user-errors";

export interface CountError extends UserError {
  skuId?: string | null;
}

const SHOWN_MAX = 20;

interface CountErrorsProps {
  errors: readonly CountError[];
  /** Of which stocktake: SKUs are linked to where they are counted. */
  countId?: string;
}

export function CountErrors({ errors, countId }: CountErrorsProps) {
  const { t } = useText();
  if (errors.length === 0) return null;
  return (
    <ul className="errors" role="alert">
      {errors.slice(0, SHOWN_MAX).map((error, at) => (
        <li key={at}>
          {t(`counts:refusal.${named(error)}` as never, {
            skuId: error.skuId ?? "",
            available: error.available,
            requested: error.requested,
            defaultValue: error.message,
          })}
          {countId !== undefined && error.skuId != null && (
            <>
              {" "}
              <Link href={`/counts/${countId}?mode=count&sku=${error.skuId}`}>
                {t("counts:countAgain")}
              </Link>
            </>
          )}
        </li>
      ))}
      {errors.length > SHOWN_MAX && <li>{t("counts:moreErrors", { n: errors.length - SHOWN_MAX })}</li>}
    </ul>
  );
}

/** The text of a refusal: one code means something else here than of an observation that comes late. */
function named({ code, skuId }: CountError): string {
  if (code === "COUNT_NOT_OPEN") return "COUNT_ENDED";
  return code === "SKU_NOT_FOUND" && skuId == null ? "NO_SKUS" : code;
}
