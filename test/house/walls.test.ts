import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";
import { describe, expect, it } from "vitest";

type Config = { forbidden: { name: string }[]; options: ICruiseOptions };
const config = createRequire(import.meta.url)("../../.dependency-cruiser.cjs") as Config;
const SINS = join(import.meta.dirname, "sins");
const ROOMS = ["worker", "app", "db", "queues", "durable-objects", "local"];

async function broken(baseDir: string): Promise<string[]> {
  const { output } = await cruise(
    readdirSync(baseDir).filter((room) => ROOMS.includes(room)),
    {
      ...config.options,
      exclude: { path: "\\.test\\.tsx?$|^build/" },
      ruleSet: { forbidden: config.forbidden } as never,
      validate: true,
      baseDir,
    },
    { extensions: [".ts", ".tsx", ".js", ".mjs"] } as never,
  );
  return [...new Set((output as ICruiseResult).summary.violations.map((violation) => violation.rule.name))];
}

describe("the walls", () => {
  it("each have a planted sin", () => {
    expect(readdirSync(SINS).sort()).toEqual(config.forbidden.map((rule) => rule.name).sort());
  });

  it.each(readdirSync(SINS))("%s bites", async (rule) => {
    expect(await broken(join(SINS, rule))).toContain(rule);
  });
});
