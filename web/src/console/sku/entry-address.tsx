/** The address of an entry, and that the rest of the view stays as it is while it is read. */
import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";

export function EntryAddress({ skuId, flowId, children }: { skuId: string; flowId: string; children?: ReactNode }) {
  const [parameters] = useSearchParams();
  const next = new URLSearchParams(parameters);
  next.set("flow", flowId);
  return <Link href={`/sku/${skuId}?${next}`}>{children ?? `#${flowId}`}</Link>;
}
