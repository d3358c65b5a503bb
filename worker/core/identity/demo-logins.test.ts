import { argon2Sync } from "node:crypto";
import { expect, it } from "vitest";
import { DEMO_LOGINS, DEMO_PASSWORD, DEMO_PASSWORD_HASH } from "./demo-logins.ts";
import { signInInput } from "./schemas.ts";

it("has a stored hash that is the password's", () => {
  const [, , , , salt = "", tag] = DEMO_PASSWORD_HASH.split("$");
  const computed = argon2Sync("argon2id", {
    message: DEMO_PASSWORD,
    nonce: Buffer.from(salt, "base64"),
    memory: 19_456,
    passes: 2,
    parallelism: 1,
    tagLength: 32,
  });
  expect(Buffer.from(computed).toString("base64").replace(/=+$/, "")).toBe(tag);
});

it("signs in with addresses as the schema leaves them", () => {
  for (const { email } of DEMO_LOGINS) expect(signInInput.parse({ email, password: DEMO_PASSWORD }).email).toBe(email);
});
