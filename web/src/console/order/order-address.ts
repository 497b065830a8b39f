/** Order lines in addresses: one in the path, to the letter, or several in `ids`, with commas. */
import { orderHref } from "../shared/entry-link";

export const ORDERS_MAX = 50;
export const ID_CHARACTERS_MAX = 128;

const BEFORE_ID = /^.*?\/order\/?/;

/**
 * The order line in the path. It is read from the address itself: an id may hold a slash or a percent
 * sign, which who takes paths apart decodes too early.
 */
export function orderInPath(pathname: string): string {
  const encoded = pathname.replace(BEFORE_ID, "");
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** What was typed, as order lines; each once. */
export function ordersOf(typed: string): string[] {
  return [...new Set(typed.split(/[,，\n]/).map((id) => id.trim()))].filter((id) => id !== "");
}

/** Where these are shown. */
export function ordersHref(ids: readonly string[]): string {
  const [only, ...others] = ids;
  if (only === undefined) return "/order";
  if (others.length === 0) return orderHref(only);
  return `/order?${new URLSearchParams({ ids: ids.join() })}`;
}
