/**
 * Reads an export as it comes, and tells at its end whether it is whole and as it was written: by the
 * manifest, which is the last line. Nothing of the file is kept but that line.
 */
import { hex, Sha256 } from "../shared/sha-256";

export type ExportFormat = "csv" | "jsonl";

/** What the last line says of the lines before it. */
export interface Manifest {
  version: number;
  rows: number;
  sha256: string;
  lastFlowId: string;
}

export type ExportVerdict =
  | { whole: true; manifest: Manifest }
  /** It ends without a manifest, or is not what the manifest says. */
  | { whole: false; why: "cutOff" | "rows" | "hash" };

const LINE_FEED = 10;
const QUOTE = 34;
const CSV_MARK = "#manifest,";

export class ExportCheck {
  private readonly hash = new Sha256();
  /** From the beginning of the last line that is known to begin. */
  private held: Uint8Array[] = [];
  private heldEnded = false;
  private records = 0;
  private quoted = false;

  constructor(private readonly format: ExportFormat) {}

  /** Entries so far, as far as they are told apart from the heading and the manifest. */
  get rows(): number {
    return Math.max(this.records - (this.format === "csv" ? 1 : 0), 0);
  }

  add(piece: Uint8Array) {
    let begin = 0;
    for (let at = 0; at < piece.length; at += 1) {
      // The next line has begun, so the one that was held is not the last.
      if (this.heldEnded) {
        this.release(piece.subarray(begin, at));
        begin = at;
        this.records += 1;
      }
      const byte = piece[at];
      // A text in CSV may hold line feeds; doubled quotes within it turn this twice.
      if (byte === QUOTE && this.format === "csv") this.quoted = !this.quoted;
      this.heldEnded = byte === LINE_FEED && !this.quoted;
    }
    if (begin < piece.length) this.held.push(piece.slice(begin));
  }

  end(): ExportVerdict {
    const manifest = this.heldEnded ? this.manifest() : undefined;
    if (manifest === undefined) return { whole: false, why: "cutOff" };
    if (manifest.rows !== this.rows) return { whole: false, why: "rows" };
    if (manifest.sha256 !== hex(this.hash.digest())) return { whole: false, why: "hash" };
    return { whole: true, manifest };
  }

  private release(rest: Uint8Array) {
    for (const piece of this.held) this.hash.update(piece);
    this.hash.update(rest);
    this.held = [];
    this.heldEnded = false;
  }

  private manifest(): Manifest | undefined {
    const bytes = this.held.reduce((all, piece) => all + piece.length, 0);
    const line = new Uint8Array(bytes);
    let at = 0;
    for (const piece of this.held) {
      line.set(piece, at);
      at += piece.length;
    }
    const text = new TextDecoder().decode(line).trimEnd();
    try {
      if (this.format === "jsonl") return (JSON.parse(text) as { manifest?: Manifest }).manifest;
      if (!text.startsWith(CSV_MARK)) return undefined;
      return JSON.parse(text.slice(CSV_MARK.length + 1, -1).replaceAll('""', '"')) as Manifest;
    } catch {
      return undefined;
    }
  }
}
