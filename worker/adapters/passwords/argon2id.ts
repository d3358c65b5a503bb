import { assert } from "../../kernel/assert.ts";
import type { Argon2Cost } from "./phc.ts";

type Blake2b = {
  memory: WebAssembly.Memory;
  Hash_GetBuffer(): number;
  Hash_Init(bits: number): void;
  Hash_Update(size: number): void;
  Hash_Final(): void;
};
type Filler = {
  memory: WebAssembly.Memory;
  Hash_GetBuffer(): number;
  Hash_SetMemorySize(bytes: number): number;
  Hash_Calculate(length: number, memoryKib: number): void;
};

export type Argon2id = (
  input: Argon2Cost & { password: Uint8Array; salt: Uint8Array; tagLength: number },
) => Uint8Array;

const VERSION = 0x13;
const TYPE_ID = 2;
const BLOCK = 1024;

/**
 * Argon2id (RFC 9106) on two compiled modules of `argon2-wasm-edge`: `argon2.wasm` fills the memory, `blake2b.wasm` hashes.
 * The package's own functions yield between their steps, so parallel calls each hold their memory, and a request that is cancelled in between
 * could leave a queue of them waiting for ever. This one runs to its end without yielding: one hash at a time by construction, in one memory
 * that is wiped and used again.
 */
export function makeArgon2id(modules: { argon2: WebAssembly.Module; blake2b: WebAssembly.Module }): Argon2id {
  const blake2b = makeBlake2b(modules.blake2b);
  let room: { memoryKib: number; filler: Filler; bytes: Uint8Array } | undefined;

  return ({ password, salt, tagLength, memoryKib, passes, lanes }) => {
    if (room?.memoryKib !== memoryKib) room = openRoom(modules.argon2, memoryKib);
    const { filler, bytes } = room;
    try {
      const header = words([lanes, tagLength, memoryKib, passes, VERSION, TYPE_ID]);
      bytes.set(header, memoryKib * BLOCK);
      const seed = blake2b(64, [
        header,
        words([password.length]),
        password,
        words([salt.length]),
        salt,
        words([0]), // no secret
        words([0]), // no associated data
      ]);
      const blocksPerLane = Math.floor(memoryKib / (lanes * 4)) * 4;
      for (let lane = 0; lane < lanes; lane++)
        for (const column of [0, 1])
          bytes.set(longHash(blake2b, BLOCK, [seed, words([column, lane])]), (lane * blocksPerLane + column) * BLOCK);
      filler.Hash_Calculate(0, memoryKib);
      return longHash(blake2b, tagLength, [bytes.slice(0, BLOCK)]);
    } finally {
      // The filler counts on zeros, and nothing derived from a password stays behind
      bytes.fill(0);
    }
  };
}

function openRoom(module: WebAssembly.Module, memoryKib: number) {
  const filler = new WebAssembly.Instance(module).exports as unknown as Filler;
  const size = memoryKib * BLOCK + BLOCK;
  const at = filler.Hash_GetBuffer();
  assert(filler.Hash_SetMemorySize(Math.max(size, 512 * BLOCK)) === 0, "there is memory for one password hash");
  return { memoryKib, filler, bytes: new Uint8Array(filler.memory.buffer, at, size) };
}

type Hash = (length: number, parts: readonly Uint8Array[]) => Uint8Array;

function makeBlake2b(module: WebAssembly.Module): Hash {
  const blake2b = new WebAssembly.Instance(module).exports as unknown as Blake2b;
  const buffer = new Uint8Array(blake2b.memory.buffer, blake2b.Hash_GetBuffer(), 16 * 1024);
  return (length, parts) => {
    blake2b.Hash_Init(length * 8);
    for (const part of parts)
      for (let at = 0; at < part.length; at += buffer.length) {
        const piece = part.subarray(at, at + buffer.length);
        buffer.set(piece);
        blake2b.Hash_Update(piece.length);
      }
    blake2b.Hash_Final();
    const digest = buffer.slice(0, length);
    buffer.fill(0);
    return digest;
  };
}

/** The variable-length hash H' (RFC 9106 §3.3). */
function longHash(blake2b: Hash, length: number, parts: readonly Uint8Array[]): Uint8Array {
  const prefixed = [words([length]), ...parts];
  if (length <= 64) return blake2b(length, prefixed);
  const whole = new Uint8Array(length);
  let piece = blake2b(64, prefixed);
  let at = 0;
  for (; length - at > 64; at += 32) {
    whole.set(piece.subarray(0, 32), at);
    piece = blake2b(Math.min(64, length - at - 32), [piece]);
  }
  whole.set(piece, at);
  return whole;
}

/** 32-bit numbers, little-endian. */
function words(numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(numbers.length * 4);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, i) => view.setUint32(i * 4, number, true));
  return bytes;
}
