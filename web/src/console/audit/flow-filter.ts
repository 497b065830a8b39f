/** Which entries a view shows, as its address has it, as the API is asked for them, and as an export is. */
import type { InventoryFlowKind, InventoryFlowWhere } from "../api/generated/graphql";
import { boundsOf, timeSpanOf, type Preset, type TimeSpan } from "../shared/time-span";

export const KINDS = ["OPENING", "DEDUCTION", "REFUND", "REPLENISHMENT", "ADJUSTMENT"] as const;
export const SKUS_MAX = 250;

export interface FlowFilter {
  /** SKUs, as they were typed. */
  find: string;
  kinds: InventoryFlowKind[];
  actor: string;
  orderDetailId: string;
  idempotencyKey: string;
  span: TimeSpan;
}

/** Why SKUs cannot be asked for. */
export type SkuFault = "findInvalid" | "findTooMany";

/** The filter in an address. What is not understood there is left out. */
export function flowFilterOf(get: (name: string) => string, otherwise: Preset): FlowFilter {
  const kinds = get("kind").split(",");
  return {
    find: get("find"),
    kinds: KINDS.filter((kind) => kinds.includes(kind)),
    actor: get("actor"),
    orderDetailId: get("order"),
    idempotencyKey: get("key"),
    span: timeSpanOf(get, otherwise),
  };
}

/** The API's filter, or what is wrong with the SKUs. */
export function flowWhereOf(filter: FlowFilter, zone: string): InventoryFlowWhere | SkuFault {
  const where: InventoryFlowWhere = {};
  const skuId = skuIdsOf(filter.find);
  if (typeof skuId === "string") return skuId;
  if (skuId.length > 0) where.skuId = skuId;
  if (filter.kinds.length > 0) where.kind = filter.kinds;
  if (filter.actor !== "") where.actor = [filter.actor];
  if (filter.orderDetailId !== "") where.orderDetailId = [filter.orderDetailId];
  if (filter.idempotencyKey !== "") where.idempotencyKey = filter.idempotencyKey;
  const bounds = boundsOf(filter.span, zone);
  if (bounds.from !== undefined || bounds.to !== undefined) where.createdAt = bounds;
  return where;
}

/** A list of SKUs that was typed. */
export function skuIdsOf(find: string): string[] | SkuFault {
  const ids = find.split(/[\s,;，；、]+/).filter((id) => id !== "");
  if (!ids.every((id) => /^[1-9]\d{0,18}$/.test(id))) return "findInvalid";
  return ids.length > SKUS_MAX ? "findTooMany" : ids;
}

/** The parameters of an export that lets through the same. */
export function exportParameters(where: InventoryFlowWhere): URLSearchParams {
  const parameters = new URLSearchParams();
  const list = (name: string, values: readonly (string | number)[] | null | undefined) => {
    for (const value of values ?? []) parameters.append(name, String(value));
  };
  list("skuId", where.skuId);
  list("kind", where.kind);
  list("actor", where.actor);
  list("orderDetailId", where.orderDetailId);
  if (where.idempotencyKey) parameters.set("idempotencyKey", where.idempotencyKey);
  if (where.createdAt?.from) parameters.set("createdAt.from", where.createdAt.from);
  if (where.createdAt?.to) parameters.set("createdAt.to", where.createdAt.to);
  return parameters;
}
