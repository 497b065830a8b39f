/** Which SKUs a new stocktake is of, as it is typed, and as the API is asked for it. */
import type { InventoryCountStartInput } from "../api/generated/graphql";

export const SCOPES = ["listed", "range", "all"] as const;
export type Scope = (typeof SCOPES)[number];

export const LISTED_MAX = 250;
const SKU = /^[1-9]\d{0,18}$/;

export interface TypedScope {
  scope: Scope;
  listed: string;
  from: string;
  to: string;
}

export type ScopeFault = "listInvalid" | "listEmpty" | "listTooMany" | "rangeInvalid" | "rangeBackwards";

type Skus = Pick<InventoryCountStartInput, "skuIds" | "fromSkuId" | "toSkuId">;

/** The SKUs of a list that was typed or pasted, each once. */
export function listedSkus(text: string): string[] {
  return [...new Set(text.split(/[\s,;，；、]+/).filter((id) => id !== ""))];
}

/** What the API is asked for, or what is wrong with what was typed. */
export function skusOf({ scope, listed, from, to }: TypedScope): Skus | ScopeFault {
  if (scope === "all") return {};
  if (scope === "listed") {
    const skuIds = listedSkus(listed);
    if (skuIds.length === 0) return "listEmpty";
    if (!skuIds.every((id) => SKU.test(id))) return "listInvalid";
    return skuIds.length > LISTED_MAX ? "listTooMany" : { skuIds };
  }
  const [first, last] = [from.trim(), to.trim()];
  if (first === "" && last === "") return "rangeInvalid";
  if (![first, last].every((id) => id === "" || SKU.test(id))) return "rangeInvalid";
  if (first !== "" && last !== "" && BigInt(first) > BigInt(last)) return "rangeBackwards";
  return { fromSkuId: first || null, toSkuId: last || null };
}
