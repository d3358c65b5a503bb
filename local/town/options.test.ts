import { describe, expect, test } from "vitest";
import { parseTownOptions, townPorts, UsageError } from "./options.ts";

describe("parseTownOptions", () => {
  test("has defaults", () => {
    expect(parseTownOptions(["dev"], {}, "/town")).toEqual({
      mode: "dev",
      port: 8787,
      dataDir: "/town/.hiroba",
      reset: false,
      fast: false,
    });
  });

  test("takes a port, a folder and a reset", () => {
    const args = ["start", "--port", "9100", "--data", "/tmp/x", "--reset"];
    expect(parseTownOptions(args, { HIROBA_FAST_MEDIA: "1" }, "/town")).toEqual({
      mode: "start",
      port: 9100,
      dataDir: "/tmp/x",
      reset: true,
      fast: true,
    });
  });

  test.each([
    [["walk"]],
    [["dev", "--colour"]],
    [["dev", "--port", "many"]],
    [["dev", "--port", "80"]],
    [["dev", "--port", "32761"]],
  ])("refuses %j", (args) => {
    expect(() => parseTownOptions(args, {}, "/town")).toThrow(UsageError);
  });
});

test("no two servers of a town share a port", () => {
  const ports = Object.values(townPorts(32_760));
  expect(new Set(ports).size).toBe(ports.length);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});
