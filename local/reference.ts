import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { subscriptions } from "#queues/subscriptions.ts";
import { jobs } from "#queues/cron.ts";
import { envSchema } from "#worker/env.ts";
import { errorCatalogue } from "#worker/kernel/errors.ts";
import { PERMISSIONS } from "#worker/kernel/permissions.ts";

export const REFERENCE_FILE = join(import.meta.dirname, "../docs/reference.md");

/** The tables of `docs/reference.md`, made from the code that they describe. A test holds the file to them. */
export function referencePage(): string {
  const sections = [
    "# Reference",
    "Made by `npm run reference` from the code; checked by `npm run check`.",
    "## Environment",
    "Variables and secrets of the Worker (`worker/env.ts`). Secrets are put by `wrangler secret put NAME`.",
    table(
      ["name", "needed", "meaning"],
      Object.entries(envSchema.shape).map(([name, schema]) => [
        `\`${name}\``,
        schema.safeParse(undefined).success ? "" : "yes",
        schema.description ?? "",
      ]),
    ),
    "## Permissions",
    table(
      ["permission", "who"],
      Object.entries(PERMISSIONS).map(([permission, grantees]) => [`\`${permission}\``, grantees.join(", ")]),
    ),
    "## Events",
    "What reacts to which event (`queues/subscriptions.ts`).",
    table(
      ["event", "consumers"],
      Object.entries(subscriptions).map(([type, list]) => [
        `\`${type}\``,
        list.map(({ consumer }) => `\`${consumer}\``).join(", "),
      ]),
    ),
    "## Jobs",
    "Cron expressions are UTC (`queues/cron.ts`, `wrangler.toml`).",
    table(
      ["when", "jobs"],
      Object.entries(jobs).map(([cron, list]) => [`\`${cron}\``, list.map(({ name }) => `\`${name}\``).join(", ")]),
    ),
    "## Error codes",
    table(
      ["code", "kind", "日本語", "English"],
      errorCatalogue().map(({ code, kind, words }) => [`\`${code}\``, kind, words.ja, words.en]),
    ),
  ];
  return `${sections.join("\n\n")}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

if (import.meta.main) await writeFile(REFERENCE_FILE, referencePage());
