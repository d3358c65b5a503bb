import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { argon2Sync } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { makeArgon2id } from "./argon2id.ts";
import { COST, makePasswords } from "./argon2-passwords.ts";
import { formatPhc, parsePhc } from "./phc.ts";

const moduleOf = (name: string) =>
  new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve(`argon2-wasm-edge/wasm/${name}.wasm`)));
const argon2id = makeArgon2id({ argon2: moduleOf("argon2"), blake2b: moduleOf("blake2b") });
const passwords = makePasswords(argon2id);

it("computes what OpenSSL computes, again and again in the same memory", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 0, maxLength: 600 }),
      fc.uint8Array({ minLength: 8, maxLength: 40 }),
      fc.record({ lanes: fc.integer({ min: 1, max: 4 }), extra: fc.nat(600), passes: fc.integer({ min: 1, max: 3 }) }),
      fc.integer({ min: 4, max: 200 }),
      (password, salt, { lanes, extra, passes }, tagLength) => {
        const memoryKib = 8 * lanes + extra;
        const expected = argon2Sync("argon2id", {
          message: password,
          nonce: salt,
          parallelism: lanes,
          tagLength,
          memory: memoryKib,
          passes,
        });
        const cost = { memoryKib, passes, lanes };
        const once = argon2id({ password, salt, tagLength, ...cost });
        const again = argon2id({ password, salt, tagLength, ...cost });
        expect(Buffer.from(once).equals(expected)).toBe(true);
        expect(Buffer.from(again).equals(expected)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

it("keeps today's costs in the string and accepts the right password alone", async () => {
  const phc = await passwords.hash("correct horse");
  expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await passwords.verify("correct horse", phc)).toBe(true);
  expect(await passwords.verify("correct horse ", phc)).toBe(false);
  expect(await passwords.verify("Correct horse", phc)).toBe(false);
  expect(passwords.isStale(phc)).toBe(false);
});

it("does not cut a password at 72 bytes, and reads composed and decomposed kana as the same", async () => {
  const long = "あ".repeat(30);
  const phc = await passwords.hash(`${long}a`);
  expect(await passwords.verify(`${long}b`, phc)).toBe(false);
  const kana = await passwords.hash("が".normalize("NFD"));
  expect(await passwords.verify("が".normalize("NFC"), kana)).toBe(true);
});

it("spends a whole hash on an account that does not exist", async () => {
  const spent: number[] = [];
  const counting = makePasswords((input) => {
    spent.push(input.memoryKib * input.passes);
    return new Uint8Array(input.tagLength);
  });
  expect(await counting.verify("anything", null)).toBe(false);
  expect(await counting.verify("anything", "$2b$12$notours")).toBe(false);
  expect(spent).toEqual([COST.memoryKib * COST.passes, COST.memoryKib * COST.passes]);
});

it("refuses costs that would stop the isolate, without computing at them", async () => {
  const asked: number[] = [];
  const watching = makePasswords((input) => {
    asked.push(input.memoryKib);
    return new Uint8Array(input.tagLength);
  });
  const salt = new Uint8Array(16);
  const tag = new Uint8Array(32);
  for (const cost of [
    { memoryKib: 4_000_000, passes: 1, lanes: 1 },
    { memoryKib: 19_456, passes: 900, lanes: 1 },
    { memoryKib: 19_456, passes: 2, lanes: 64 },
    { memoryKib: 8, passes: 1, lanes: 4 },
  ])
    expect(await watching.verify("x", formatPhc({ ...cost, salt, tag }))).toBe(false);
  expect(asked).toEqual(Array.from({ length: 4 }, () => COST.memoryKib));
});

it("calls a hash stale when its costs are not today's", () => {
  const salt = new Uint8Array(16);
  const tag = new Uint8Array(32);
  expect(passwords.isStale(formatPhc({ ...COST, salt, tag }))).toBe(false);
  expect(passwords.isStale(formatPhc({ ...COST, passes: 1, salt, tag }))).toBe(true);
  expect(passwords.isStale(formatPhc({ ...COST, salt: new Uint8Array(8), tag }))).toBe(true);
  expect(passwords.isStale("plain")).toBe(true);
});

it("reads what it writes", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 8, maxLength: 48 }),
      fc.uint8Array({ minLength: 12, maxLength: 64 }),
      (salt, tag) => {
        expect(parsePhc(formatPhc({ ...COST, salt, tag }))).toEqual({ ...COST, salt, tag });
      },
    ),
  );
  expect(parsePhc("$argon2id$v=16$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA")).toBeNull();
});
