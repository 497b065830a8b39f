import type { ReactNode } from "react";
import { Link } from "wouter";

import { ForeignText } from "./foreign-text";

/** Where an entry is shown with all that it says. */
export function entryHref(skuId: string, flowId: string): string {
  return `/sku/${skuId}?flow=${encodeURIComponent(flowId)}`;
}

/** Where an order line's trail is; its id may hold anything. */
export function orderHref(orderDetailId: string): string {
  return `/order/${encodeURIComponent(orderDetailId)}`;
}

export function EntryLink({ skuId, flowId, children }: { skuId: string; flowId: string; children?: ReactNode }) {
  return <Link href={entryHref(skuId, flowId)}>{children ?? `#${flowId}`}</Link>;
}

export function OrderLink({ orderDetailId }: { orderDetailId: string }) {
  return (
    <Link href={orderHref(orderDetailId)}>
      <ForeignText text={orderDetailId} />
    </Link>
  );
}
