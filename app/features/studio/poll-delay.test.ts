import { expect, it } from "vitest";
import { isConverting, pollDelayMs } from "./poll-delay.ts";

it("asks every two seconds, less often when hidden, and backs off up to half a minute", () => {
  expect(pollDelayMs({ hidden: false, failures: 0 })).toBe(2_000);
  expect(pollDelayMs({ hidden: true, failures: 0 })).toBe(15_000);
  expect(pollDelayMs({ hidden: false, failures: 2 })).toBe(8_000);
  expect(pollDelayMs({ hidden: false, failures: 20 })).toBe(30_000);
});

it("asks only while a video moves on by itself", () => {
  const states = ["uploading", "uploaded", "processing", "ready", "published", "failed"];
  expect(states.filter((state) => isConverting({ state }))).toEqual(["uploaded", "processing"]);
});
