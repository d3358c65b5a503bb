import { readdirSync, readFileSync } from "node:fs";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { expect, it } from "vitest";
import * as schema from "#db/schema/index.ts";

const META = "db/migrations/meta";

it("make exactly the tables that the schema says (npm run migrations)", async () => {
  const newest = readdirSync(META)
    .filter((name) => name.endsWith("_snapshot.json"))
    .sort()
    .at(-1)!;
  const before = JSON.parse(readFileSync(`${META}/${newest}`, "utf8")) as Parameters<typeof generateMigration>[0];
  const now = generateDrizzleJson(schema, before.id, undefined, "snake_case");
  expect(await generateMigration(before, now)).toEqual([]);
});
