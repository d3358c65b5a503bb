import { randomBytes } from "../../kernel/ids.ts";
import type { Passwords } from "../../ports/passwords.ts";
import type { Argon2id } from "./argon2id.ts";
import { type Argon2Cost, type Argon2Hash, formatPhc, parsePhc } from "./phc.ts";

/** Today's costs: OWASP's second choice, which ASVS 5.0 appendix C lists and an isolate of 128 MB can hold. */
export const COST: Argon2Cost = { memoryKib: 19_456, passes: 2, lanes: 1 };
/** What a stored hash may ask for at most: a row that was tampered with must not be able to stop the Worker. */
const COST_MAX: Argon2Cost = { memoryKib: 47_104, passes: 10, lanes: 4 };
const SALT_LENGTH = 16;
const TAG_LENGTH = 32;

/**
 * Passwords as argon2id PHC strings. They are compared as typed after NFC, every byte of them, spaces included (NIST SP 800-63B §3.1.1.2).
 * A check always computes one hash: with no hash, or one whose costs are out of bounds, it does so at today's costs and answers false.
 */
export function makePasswords(argon2id: Argon2id): Passwords {
  const tagOf = (password: string, { memoryKib, passes, lanes }: Argon2Cost, salt: Uint8Array, tagLength: number) =>
    argon2id({
      password: new TextEncoder().encode(password.normalize("NFC")),
      salt,
      tagLength,
      memoryKib,
      passes,
      lanes,
    });
  const decoy: Argon2Hash = { ...COST, salt: randomBytes(SALT_LENGTH), tag: randomBytes(TAG_LENGTH) };

  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_LENGTH);
      return formatPhc({ ...COST, salt, tag: tagOf(password, COST, salt, TAG_LENGTH) });
    },
    verify: async (password, phc) => {
      const stored = phc === null ? null : parsePhc(phc);
      const usable = stored !== null && within(stored, COST_MAX);
      const { tag, salt, ...cost } = usable ? stored : decoy;
      return equalBytes(tagOf(password, cost, salt, tag.length), tag) && usable;
    },
    isStale: (phc) => {
      const stored = parsePhc(phc);
      return (
        !stored ||
        stored.memoryKib !== COST.memoryKib ||
        stored.passes !== COST.passes ||
        stored.lanes !== COST.lanes ||
        stored.salt.length < SALT_LENGTH ||
        stored.tag.length < TAG_LENGTH
      );
    },
  };
}

function within(cost: Argon2Cost, max: Argon2Cost): boolean {
  return (
    cost.memoryKib <= max.memoryKib &&
    cost.passes <= max.passes &&
    cost.lanes <= max.lanes &&
    cost.memoryKib >= 8 * cost.lanes
  );
}

/** In a time that depends on the length alone. */
function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ (b[i] ?? 0);
  return difference === 0;
}
