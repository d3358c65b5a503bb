import argon2 from "argon2-wasm-edge/wasm/argon2.wasm";
import blake2b from "argon2-wasm-edge/wasm/blake2b.wasm";
import type { Passwords } from "../../ports/passwords.ts";
import { type Argon2id, makeArgon2id } from "./argon2id.ts";
import { makePasswords } from "./argon2-passwords.ts";

/** Argon2id from modules that are compiled when the Worker is deployed: workerd refuses to compile wasm at run time. */
export function makeArgon2Passwords(): Passwords {
  // Instances are made on first use: most isolates never check a password
  let argon2id: Argon2id | undefined;
  return makePasswords((input) => {
    argon2id ??= makeArgon2id({ argon2, blake2b });
    return argon2id(input);
  });
}
