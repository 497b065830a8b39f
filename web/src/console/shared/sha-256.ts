/**
 * SHA-256 (FIPS 180-4), piece by piece. Browsers have one of their own only over HTTPS, and only of what
 * is in memory as a whole; an export is neither.
 */
const ROUNDS = 64;
const BLOCK = 64;

/** The first 32 bits of the fractional parts of the roots of the first primes, as the standard has it. */
function fractions(count: number, power: number): Uint32Array {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1)
      prime &&= candidate % divisor > 0;
    if (prime) found.push(candidate);
  }
  return Uint32Array.from(found, (prime) => {
    const root = prime ** power;
    return (root - Math.floor(root)) * 2 ** 32;
  });
}

const INITIAL = fractions(8, 1 / 2);
const CONSTANTS = fractions(ROUNDS, 1 / 3);

export class Sha256 {
  private readonly state = INITIAL.slice();
  private readonly block = new Uint8Array(BLOCK);
  private readonly words = new Uint32Array(ROUNDS);
  private filled = 0;
  private bytes = 0;

  update(piece: Uint8Array): this {
    this.bytes += piece.length;
    for (let at = 0; at < piece.length;) {
      const part = Math.min(BLOCK - this.filled, piece.length - at);
      this.block.set(piece.subarray(at, at + part), this.filled);
      this.filled += part;
      at += part;
      if (this.filled === BLOCK) this.compress();
    }
    return this;
  }

  /** The hash of all pieces; nothing can be added behind it. */
  digest(): Uint8Array {
    const bits = BigInt(this.bytes) * 8n;
    const zeros = (BLOCK * 2 - 9 - this.filled) % BLOCK;
    const end = new Uint8Array(1 + zeros + 8);
    end[0] = 0x80;
    new DataView(end.buffer).setBigUint64(1 + zeros, bits);
    this.update(end);
    const digest = new Uint8Array(32);
    const view = new DataView(digest.buffer);
    this.state.forEach((word, at) => view.setUint32(at * 4, word));
    return digest;
  }

  private compress() {
    const { words, state } = this;
    const view = new DataView(this.block.buffer);
    for (let at = 0; at < 16; at += 1) words[at] = view.getUint32(at * 4);
    for (let at = 16; at < ROUNDS; at += 1) {
      const [near, far] = [words[at - 2]!, words[at - 15]!];
      const one = turned(far, 7) ^ turned(far, 18) ^ (far >>> 3);
      const other = turned(near, 17) ^ turned(near, 19) ^ (near >>> 10);
      words[at] = words[at - 16]! + one + words[at - 7]! + other;
    }
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let at = 0; at < ROUNDS; at += 1) {
      const choice = (e & f) ^ (~e & g);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      const mixed = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const first = (h + mixed + choice + CONSTANTS[at]! + words[at]!) | 0;
      const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    const rounds = [a, b, c, d, e, f, g, h];
    for (let at = 0; at < rounds.length; at += 1) state[at] = state[at]! + rounds[at]!;
    this.filled = 0;
  }
}

/** The hash of some pieces, one behind the other. */
export function sha256(...pieces: Uint8Array[]): Uint8Array {
  const hash = new Sha256();
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function turned(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
