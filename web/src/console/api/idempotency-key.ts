/** A key that nobody has used, for one change and every attempt at it. */
export function newIdempotencyKey(): string {
  // Browsers have `randomUUID` only over HTTPS and on localhost, and a phone in a warehouse may come
  // over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `console-${hex}`;
}
