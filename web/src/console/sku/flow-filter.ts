/** Which entries the flow shows: as the address has it, as the API is asked, and for what comes by itself. */
import type { InventoryFlowKind, InventoryFlowWhere } from "../api/generated/graphql";
import type { Entry, History } from "./history";
import { iso } from "./range";

export const KINDS = ["DEDUCTION", "REFUND", "REPLENISHMENT", "ADJUSTMENT", "OPENING"] as const;

export interface FlowFilter {
  kinds: InventoryFlowKind[];
  actor: string;
  orderDetailId: string;
  /** Only what the chart shows. */
  inRange: boolean;
}

export function flowFilterOf(get: (name: string) => string): FlowFilter {
  const named = get("kind").split(",");
  return {
    kinds: KINDS.filter((kind) => named.includes(kind)),
    actor: get("actor"),
    orderDetailId: get("order"),
    inRange: get("time") === "range",
  };
}

export function isFiltered({ kinds, actor, orderDetailId, inRange }: FlowFilter): boolean {
  return kinds.length > 0 || actor !== "" || orderDetailId !== "" || inRange;
}

export function whereOf(skuId: string, filter: FlowFilter, history: History | undefined): InventoryFlowWhere {
  const { kinds, actor, orderDetailId, inRange } = filter;
  return {
    skuId: [skuId],
    ...(kinds.length > 0 ? { kind: kinds } : {}),
    ...(actor !== "" ? { actor: [actor] } : {}),
    ...(orderDetailId !== "" ? { orderDetailId: [orderDetailId] } : {}),
    ...(inRange && history !== undefined
      ? { createdAt: { from: iso(history.from), ...(history.open ? {} : { to: iso(history.to) }) } }
      : {}),
  };
}

/** Whether an entry that was written just now is among them. */
export function fits(entry: Entry, filter: FlowFilter, history: History | undefined): boolean {
  const { kinds, actor, orderDetailId, inRange } = filter;
  return (
    (kinds.length === 0 || kinds.includes(entry.kind)) &&
    (actor === "" || entry.actor === actor) &&
    (orderDetailId === "" || entry.orderDetailId === orderDetailId) &&
    (!inRange || history?.open === true)
  );
}
