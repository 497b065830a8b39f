/** Whose observations these are: a mark of the visitor, which tells nothing of their token. */
import { token } from "../../session/token";

let known: { bearer: string; mark: string } | undefined;

/**
 * The mark of the present visitor. It is the same under every JWT of one caller, for those are renewed
 * while somebody counts; an API key is a caller of its own.
 */
export function owner(): string {
  const bearer = token();
  if (bearer === undefined) return "nobody";
  if (known?.bearer !== bearer) known = { bearer, mark: hashed(callerOf(bearer) ?? bearer) };
  return known.mark;
}

/** Whom a JWT names: what the server tells callers apart by; undefined for any other token. */
function callerOf(bearer: string): string | undefined {
  const parts = bearer.split(".");
  if (parts.length !== 3) return undefined;
  const [, payload = ""] = parts;
  try {
    const claims = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/"))) as unknown;
    if (typeof claims !== "object" || claims === null || !("sub" in claims)) return undefined;
    const { iss, sub, merchant_id } = claims as Record<string, unknown>;
    return JSON.stringify([iss, sub, merchant_id]);
  } catch {
    return undefined;
  }
}

/** FNV-1a: browsers have SHA-256 over HTTPS only, and 32 bits give no token away. */
function hashed(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}
