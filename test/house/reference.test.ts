import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { REFERENCE_FILE, referencePage } from "#local/reference.ts";
import { jobs } from "#queues/cron.ts";

it("says what the code says (npm run reference)", () => {
  expect(readFileSync(REFERENCE_FILE, "utf8")).toBe(referencePage());
});

it("has a job for every cron of wrangler.toml, and a cron for every job", () => {
  const crons = /crons = \[(.*)\]/.exec(readFileSync("wrangler.toml", "utf8"))?.[1];
  expect(JSON.parse(`[${crons}]`)).toEqual(Object.keys(jobs));
});
