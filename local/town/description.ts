import { rename, rm, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Clouds } from "../clouds.ts";
import type { TownSecrets } from "../secrets.ts";
import type { TownMode, TownPaths } from "./options.ts";
import type { TownLogin } from "./seeding.ts";
import { LOCAL_REGION } from "./worker-env.ts";

/** `town.json`: what tests, benchmarks and other tools need to know to visit a running town. */
export interface TownDescription {
  url: string;
  aws: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string };
  databaseUrl: string;
  consoles: { mail: string; jobs: string; events: string };
  mail: { api: string };
  cdn: { url: string; keyPairId: string };
  logins: TownLogin[];
  /** The process that runs the production bundle, for whoever measures it. */
  workerdPid?: number;
}

/** Puts the description together. */
export function describeTown(
  url: string,
  databaseUrl: string,
  secrets: TownSecrets,
  clouds: Clouds,
  logins: TownLogin[],
  workerdPid: number | undefined,
): TownDescription {
  return {
    url,
    aws: { endpoint: clouds.awsUrl, region: LOCAL_REGION, ...secrets.aws },
    databaseUrl,
    consoles: {
      mail: `${clouds.consoleUrl}/mail`,
      jobs: `${clouds.consoleUrl}/jobs`,
      events: `${clouds.consoleUrl}/events`,
    },
    mail: { api: `${clouds.consoleUrl}/mail/api/messages` },
    cdn: { url: clouds.cdnUrl, keyPairId: secrets.cdn.keyPairId },
    logins,
    ...(workerdPid === undefined ? {} : { workerdPid }),
  };
}

/** Writes `town.json`, whole or not at all; it holds keys: mode 0600. */
export async function writeDescription(file: string, town: TownDescription): Promise<void> {
  const incoming = `${file}.incoming`;
  await writeFile(incoming, `${JSON.stringify(town, null, 2)}\n`, { mode: 0o600 });
  await rename(incoming, file);
}

/** Takes `town.json` away: a town without one is closed. */
export async function removeDescription(file: string): Promise<void> {
  await rm(file, { force: true });
}

/** The one table that a start prints. */
export function welcome(mode: TownMode, town: TownDescription, paths: TownPaths, notices: string[]): string {
  const here = (path: string) => {
    const shorter = relative(process.cwd(), path);
    return shorter.startsWith("..") ? path : shorter;
  };
  const logins = town.logins.map((login) => [login.role, login.email, login.password]);
  const widths = [0, 1].map((column) => Math.max(0, ...logins.map((login) => login[column]?.length ?? 0)));
  const rows: [string, string][] = [
    ["Town", town.url],
    ...logins.map((login, i): [string, string] => [
      i === 0 ? "Log in as" : "",
      login.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  "),
    ]),
    ["Mail", town.consoles.mail],
    ["Media jobs", town.consoles.jobs],
    ["Events", town.consoles.events],
    ["Database", town.databaseUrl],
    ["Logs", here(paths.logs)],
    ...notices.map((notice): [string, string] => ["Note", notice]),
    ["Stop", "Ctrl-C"],
  ];
  const title = mode === "dev" ? "Hiroba is open (development)" : "Hiroba is open (production bundle)";
  return `\n  ${title}\n\n${rows.map(([name, text]) => `  ${name.padEnd(10)}  ${text}`).join("\n")}\n`;
}
