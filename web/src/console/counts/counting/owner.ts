/** Whose observations these are: a mark of the visitor's token, which tells nothing of it. */
import { token } from "../../session/token";

/** FNV-1a: browsers have SHA-256 over HTTPS only, and 32 bits give no token away. */
export function owner(): string {
  const bearer = token();
  if (bearer === undefined) return "nobody";
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(bearer)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}
