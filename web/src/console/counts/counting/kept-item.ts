/** One observation as it is kept on this device. */
export interface Kept {
  /** The key under which it is recorded at most once. */
  key: string;
  countId: string;
  /** Whose it is; it is sent with the same visitor's token only. */
  owner: string;
  skuId: string;
  /** Units on the shelf, in all. */
  quantity: number;
  /** The version of the SKU when its shelf was begun. */
  version: string;
  /**
   * Whether the version was read right then, or is the last one known and to be looked into before it is
   * sent, or is known to be too old and no better one could be had.
   */
  versionIs: "read" | "believed" | "unsure";
  /** When the shelf was begun, and when this was counted. */
  startedAt: string;
  countedAt: string;
  /** `open` still takes more units; `recorded` and `refused` are the server's answer. */
  state: "open" | "waiting" | "recorded" | "refused";
  /** It may have reached the server, so that it cannot be taken back. */
  attempted: boolean;
  refusal?: { code: string; message: string };
  /** In which order things were counted here. */
  place: number;
}

/** What is to be, given what is kept: `null` for nothing at all, `undefined` to leave it. */
export type Next = (before: Kept | undefined) => Kept | null | undefined;

/** What is kept once `next` was done. */
export function changed(before: Kept | undefined, next: Next): Kept | undefined {
  const after = next(before);
  return after === undefined ? before : (after ?? undefined);
}

/** Whether the server has yet to answer it. */
export function isWaiting({ state }: Kept): boolean {
  return state === "open" || state === "waiting";
}
