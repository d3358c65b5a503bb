import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
let yard: string;

beforeAll(() => {
  yard = mkdtempSync(join(tmpdir(), "hiroba-lint-"));
  cpSync(join(ROOT, "hiroba-lint.mjs"), join(yard, "hiroba-lint.mjs"));
  const rules = Object.fromEntries(
    ["verb-authorizes-and-records", "time-comes-from-ctx", "zod-by-namespace", "names-say-what"].map((rule) => [
      `hiroba/${rule}`,
      "error",
    ]),
  );
  writeFileSync(
    join(yard, ".oxlintrc.json"),
    JSON.stringify({ plugins: [], jsPlugins: ["./hiroba-lint.mjs"], categories: { correctness: "off" }, rules }),
  );
});
afterAll(() => rmSync(yard, { recursive: true, force: true }));

/** The house rules that a file with this text breaks. */
function broken(path: string, text: string): string[] {
  const file = join(yard, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  try {
    execFileSync(process.execPath, [join(ROOT, "node_modules/oxlint/bin/oxlint"), "--format", "json", file], {
      cwd: yard,
      encoding: "utf8",
      stdio: "pipe",
    });
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
    return diagnostics.map(({ code }) => /\((.+)\)/.exec(code)?.[1] ?? code);
  } finally {
    rmSync(file);
  }
}

const verb = (inside: string) => `export async function publishVideo(ctx, input) { ${inside} }`;

describe("a verb that writes", () => {
  const path = "worker/products/watch/publish-video.ts";
  it("must authorize", () => {
    expect(
      broken(path, verb('await ctx.write((w) => [w.record("watch.video.publish", { target: input.id })]);')),
    ).toEqual(["verb-authorizes-and-records"]);
  });
  it("must record", () => {
    expect(broken(path, verb('ctx.authorize("watch:edit"); await ctx.write((w) => [publish(w)]);'))).toEqual([
      "verb-authorizes-and-records",
    ]);
  });
  it("passes when it does both, or says why its write is unrecorded", () => {
    expect(
      broken(path, verb('ctx.authorize("watch:edit"); await ctx.write((w) => [publish(w), w.record("a", {})]);')),
    ).toEqual([]);
    expect(
      broken(
        path,
        `// hiroba-lint: unrecorded — a bookmark\n${verb('ctx.authorize("watch:edit"); await ctx.write((w) => [keep(w)]);')}`,
      ),
    ).toEqual([]);
  });
  it("is not looked for where no verb lives", () => {
    expect(broken("worker/products/watch/videos.store.ts", verb("ctx.write(() => []);"))).toEqual([]);
  });
});

it("refuses the wall clock outside the kernel", () => {
  expect(
    broken("worker/products/watch/rules.ts", "export const at = () => [new Date(), Date.now(), new Date(0)];"),
  ).toEqual(["time-comes-from-ctx", "time-comes-from-ctx"]);
  expect(broken("worker/kernel/time.ts", "export const at = () => new Date();")).toEqual([]);
});

it("refuses the import of zod that cannot be shaken", () => {
  expect(broken("worker/kernel/page.ts", 'import { z } from "zod"; export { z };')).toEqual(["zod-by-namespace"]);
  expect(broken("worker/kernel/page.ts", 'import * as z from "zod"; export { z };')).toEqual([]);
});

it("refuses file names that say nothing", () => {
  expect(broken("app/ui/utils.ts", "export {};")).toEqual(["names-say-what"]);
});
