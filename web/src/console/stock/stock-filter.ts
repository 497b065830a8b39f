/** What the stock view shows, as its address has it, and as the API is asked for it. */
import type { InventoryOrder, InventoryWhere } from "../api/generated/graphql";

export const ORDERS = ["SKU_ASC", "SKU_DESC", "LEAVED_AMOUNT_ASC", "LEAVED_AMOUNT_DESC"] as const;
export const SHOWN = ["all", "low", "soldOut"] as const;
export type Shown = (typeof SHOWN)[number];

export const LOW_UP_TO = 10;
export const SKUS_MAX = 200;

export interface StockFilter {
  find: string;
  shown: Shown;
  lowUpTo: number;
  order: InventoryOrder;
}

/** Why a search cannot be asked for. */
export type FindFault = "findInvalid" | "findTooMany";

/** The filter in an address. What is not understood there is left out. */
export function filterOf(get: (name: string) => string): StockFilter {
  const low = Number(get("low"));
  return {
    find: get("find"),
    shown: SHOWN.find((it) => it === get("show")) ?? "all",
    lowUpTo: Number.isSafeInteger(low) && low > 0 ? low : LOW_UP_TO,
    order: ORDERS.find((it) => it === get("order")) ?? "SKU_ASC",
  };
}

/** The API's filter, or what is wrong with the search. */
export function whereOf(filter: StockFilter): InventoryWhere | FindFault {
  const where: InventoryWhere = {};
  if (filter.shown === "soldOut") where.leavedAmount = { max: 0 };
  if (filter.shown === "low") where.leavedAmount = { max: filter.lowUpTo };
  const find = filter.find.trim();
  if (find === "") return where;
  const range = /^(\d+)\s*[-–]\s*(\d+)$/.exec(find);
  if (range !== null) return { ...where, fromSkuId: range[1] ?? null, toSkuId: range[2] ?? null };
  const ids = find.split(/[\s,;，；]+/).filter((id) => id !== "");
  if (!ids.every((id) => /^[1-9]\d{0,18}$/.test(id))) return "findInvalid";
  if (ids.length > SKUS_MAX) return "findTooMany";
  return { ...where, skuId: ids };
}
