import { expect, test } from "vitest";
import { ipMatches, policyAllows, readPolicy, wildcardMatches } from "./policy.ts";

test("lets * stand for anything and ? for one character", () => {
  expect(wildcardMatches("http://h/v/a/*", "http://h/v/a/720p/seg_1.m4s")).toBe(true);
  expect(wildcardMatches("http://h/v/a/*", "http://h/v/ab/seg.m4s")).toBe(false);
  expect(wildcardMatches("http*://h/*.m?s", "https://h/x/y.m4s")).toBe(true);
  expect(wildcardMatches("*a*b*", "aXXb")).toBe(true);
  expect(wildcardMatches("http://h/a?", "http://h/a")).toBe(false);
  expect(wildcardMatches("a*".repeat(40), "a".repeat(5000) + "b")).toBe(true);
});

test("matches addresses against CIDR blocks of their own family", () => {
  expect(ipMatches("203.0.113.0/24", "203.0.113.9")).toBe(true);
  expect(ipMatches("203.0.113.0/24", "203.0.114.9")).toBe(false);
  expect(ipMatches("127.0.0.1", "::ffff:127.0.0.1")).toBe(true);
  expect(ipMatches("0.0.0.0/0", "198.51.100.1")).toBe(true);
  expect(ipMatches("2001:db8::/32", "2001:db8::1")).toBe(true);
  expect(ipMatches("203.0.113.0/33", "203.0.113.9")).toBe(false);
  expect(ipMatches("nonsense", "203.0.113.9")).toBe(false);
});

test("holds a policy to its time window, ends included as CloudFront does", () => {
  const policy = { resource: "*", expiresAtSeconds: 200, startsAtSeconds: 100, sourceIp: undefined };
  const at = (seconds: number) => policyAllows(policy, { url: "u", ip: "127.0.0.1", now: new Date(seconds * 1000) });
  expect([at(99.9), at(100), at(199.9), at(200)]).toEqual([false, true, true, false]);
});

test("reads no policy with a missing end, two statements, or a condition it does not know", () => {
  const end = { DateLessThan: { "AWS:EpochTime": 9 } };
  const text = (...statements: unknown[]) => JSON.stringify({ Statement: statements });
  expect(readPolicy(text({ Resource: "*", Condition: end }))).toBeDefined();
  expect(readPolicy(text({ Resource: "*", Condition: {} }))).toBeUndefined();
  expect(readPolicy(text({ Condition: end }))).toBeUndefined();
  expect(readPolicy(text({ Resource: "*", Condition: end }, { Resource: "*", Condition: end }))).toBeUndefined();
  expect(readPolicy(text({ Resource: "*", Condition: { ...end, StringEquals: {} } }))).toBeUndefined();
  expect(readPolicy("{")).toBeUndefined();
});
