import type { Passwords } from "../../ports/passwords.ts";

/** Passwords in clear with a mark of their generation, for tests of verbs: fast, and `isStale` can be provoked. */
export function makeMemoryPasswords(generation = 2): Passwords & { readonly verified: readonly (string | null)[] } {
  const verified: (string | null)[] = [];
  return {
    verified,
    hash: async (password) => `$clear$${generation}$${password}`,
    verify: async (password, phc) => {
      verified.push(phc);
      return phc !== null && /^\$clear\$\d+\$(.*)$/s.exec(phc)?.[1] === password;
    },
    isStale: (phc) => !phc.startsWith(`$clear$${generation}$`),
  };
}
