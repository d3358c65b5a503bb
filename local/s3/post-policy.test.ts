import { expect, test } from "vitest";
import { checkPostPolicy } from "./post-policy.ts";

const NOW = new Date("2026-01-01T00:00:00Z");

function policy(conditions: unknown[], expiration = "2026-01-01T01:00:00Z"): string {
  return Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");
}

const fields = new Map([
  ["bucket", "media"],
  ["key", "up/cat.png"],
  ["content-type", "image/png"],
]);
const covering = [{ bucket: "media" }, ["starts-with", "$key", "up/"], ["starts-with", "$Content-Type", "image/"]];

test("accepts a form that keeps every condition and returns the narrowest size range", () => {
  const ranges = [
    ["content-length-range", 1, 100],
    ["content-length-range", 10, 200],
  ];
  expect(checkPostPolicy(policy([...covering, ...ranges]), fields, NOW)).toEqual({ min: 10, max: 100 });
});

test("refuses a value that is not the signed one", () => {
  const other = [...covering.slice(0, 2), ["eq", "$Content-Type", "image/jpeg"]];
  expect(() => checkPostPolicy(policy(other), fields, NOW)).toThrow(
    'Policy Condition failed: ["eq","$Content-Type","image/jpeg"]',
  );
});

test("refuses a field that the policy does not mention", () => {
  const more = new Map([...fields, ["x-amz-meta-role", "admin"], ["x-ignore-me", "1"]]);
  expect(() => checkPostPolicy(policy(covering), more, NOW)).toThrow("Extra input fields: x-amz-meta-role");
});

test("refuses an expired policy", () => {
  expect(() => checkPostPolicy(policy(covering, "2025-12-31T23:59:59Z"), fields, NOW)).toThrow("Policy expired.");
});

test("refuses what is no policy", () => {
  expect(() => checkPostPolicy("e30=", fields, NOW)).toThrow("Policy missing expiration.");
  expect(() => checkPostPolicy("%%%", fields, NOW)).toThrow("Invalid JSON.");
});
