/** Follows an inclusion proof from the entry to the hash of the seal, as README's "Seals" has it. */
import type { ConsoleInclusionQuery } from "../api/generated/graphql";
import { fromHex, hex, sha256 } from "../shared/sha-256";

type Proof = NonNullable<NonNullable<ConsoleInclusionQuery["inventoryFlow"]>["inclusionProof"]>;

/** The steps, in their order, and whether each holds. */
export interface InclusionSteps {
  /** The entry's hash follows from what it says and from the entry before. */
  entry: boolean;
  /** The links lead from it to the end of the SKU's chain. Undefined: there are more than came along. */
  chain: boolean | undefined;
  /** The path leads from that end to the root. */
  root: boolean;
  /** The seal's statement has this root, and its hash is the seal's. */
  seal: boolean;
}

export function followed(proof: Proof): InclusionSteps {
  const join = (one: string, next: string) => hex(sha256(fromHex(one), fromHex(next)));
  const end = proof.links.reduce(join, proof.entryHash);
  const all = BigInt(proof.linkCount) === BigInt(proof.links.length);
  return {
    entry: join(proof.previousHash, proof.contentHash) === proof.entryHash,
    chain: all ? end === proof.chainHead : undefined,
    root: rootOf(proof) === proof.seal.merkleRoot,
    seal:
      statementOf(proof.seal) === proof.seal.statement &&
      hex(sha256(fromHex(proof.seal.statement))) === proof.seal.hash,
  };
}

/** RFC 9162, 2.1.3.2; undefined where the path is too long or too short for the tree. */
function rootOf(proof: Proof): string | undefined {
  const leaf = bytesOf(
    text("head"),
    proof.skuId,
    proof.sequence,
    proof.flowId,
    fromHex(proof.chainHead),
  );
  let root = sha256(Uint8Array.of(0), leaf);
  let at = BigInt(proof.leafIndex);
  let last = BigInt(proof.treeSize) - 1n;
  for (const step of proof.path) {
    if (last === 0n) return undefined;
    const other = fromHex(step);
    if (at % 2n === 1n || at === last) {
      root = sha256(Uint8Array.of(1), other, root);
      while (at % 2n === 0n && at > 0n) {
        at /= 2n;
        last /= 2n;
      }
    } else {
      root = sha256(Uint8Array.of(1), root, other);
    }
    at /= 2n;
    last /= 2n;
  }
  return last === 0n ? hex(root) : undefined;
}

function statementOf(seal: Proof["seal"]): string {
  // Milliseconds are all that JavaScript reads of an instant; the rest of its six digits is added.
  const fraction = /\.\d{3}(\d{3})Z$/.exec(seal.sealedAt)?.[1] ?? "0";
  const micros = BigInt(Date.parse(seal.sealedAt)) * 1000n + BigInt(fraction);
  const ends = [fromHex(seal.merkleRoot), fromHex(seal.previousHash)];
  return hex(
    bytesOf(text("seal"), seal.id, String(micros), seal.skuCount, seal.lastFlowId, ...ends),
  );
}

/** Numbers are 8 bytes, big-endian. */
function bytesOf(...parts: (string | Uint8Array)[]): Uint8Array {
  const pieces = parts.map((part) => (typeof part === "string" ? number(part) : part));
  const bytes = new Uint8Array(pieces.reduce((all, piece) => all + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function number(value: string): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return bytes;
}

/** A text is behind its length. */
function text(value: string): Uint8Array {
  const encoded = new TextEncoder().encode(value);
  return bytesOf(String(encoded.length), encoded);
}
