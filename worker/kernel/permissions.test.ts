import { expect, it } from "vitest";
import { PERMISSIONS, type Permission, holds } from "./permissions.ts";

const actors = {
  anonymous: { kind: "anonymous" },
  system: { kind: "system" },
  unverified: { kind: "user", role: "user", emailVerified: false },
  verified: { kind: "user", role: "user", emailVerified: true },
  unverifiedAdmin: { kind: "user", role: "admin", emailVerified: false },
  admin: { kind: "user", role: "admin", emailVerified: true },
} as const;

const holders = (permission: Permission) =>
  Object.entries(actors)
    .filter(([, actor]) => holds(permission, actor))
    .map(([name]) => name);

it("gives each permission to exactly those whom the catalogue names", () => {
  expect(holders("watch:upload")).toEqual(["verified", "admin"]);
  expect(holders("console:operate")).toEqual(["admin"]);
  expect(holders("watch:transcode")).toEqual(["system"]);
  expect(holders("identity:sign_out")).toEqual(["unverified", "verified", "unverifiedAdmin", "admin"]);
});

it("never gives the house's own permissions to a person, nor a person's to the house", () => {
  for (const [permission, grantees] of Object.entries(PERMISSIONS) as [Permission, readonly string[]][]) {
    if (grantees.length === 1 && grantees[0] === "system") expect(holders(permission)).toEqual(["system"]);
    if (!grantees.includes("system")) expect(holders(permission)).not.toContain("system");
  }
});
