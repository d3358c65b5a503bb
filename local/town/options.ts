import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

/** The two ways in which a town runs: with rebuilding and hot reload, or as the production bundle. */
export type TownMode = "dev" | "start";

/** What the person at the terminal asked for. */
export interface TownOptions {
  mode: TownMode;
  port: number;
  dataDir: string;
  /** Throw the town's data away first. */
  reset: boolean;
  /** Quicker, poorer media conversion. */
  fast: boolean;
}

/** Every port of a town; all follow from the first, so that two towns stand side by side with two `--port`s. */
export interface TownPorts {
  town: number;
  worker: number;
  neon: number;
  aws: number;
  cdn: number;
  console: number;
  postgres: number;
  inspector: number;
}

/** Where a town keeps its files. */
export interface TownPaths {
  data: string;
  logs: string;
  postgres: string;
  state: string;
  bundle: string;
  secrets: string;
  workerEnv: string;
  ledger: string;
  seeded: string;
  description: string;
}

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, "../..");

const PORTS_PER_TOWN = 8;
const LAST_PORT = 32_767; // Above it Linux hands out ports for outgoing connections, which block a listener at random.
const USAGE = "Usage: npm run dev|start [-- --port <number> --data <folder> --reset]";

/** A wish that cannot be granted; the message is one sentence for the terminal. */
export class UsageError extends Error {}

/**
 * Reads the words after the script's name.
 * @throws UsageError
 */
export function parseTownOptions(args: string[], env: NodeJS.ProcessEnv, cwd: string = ROOT): TownOptions {
  const [mode, ...rest] = args;
  if (mode !== "dev" && mode !== "start") throw new UsageError(USAGE);
  const values = readFlags(rest);
  const port = Number(values.port ?? 8787);
  const last = LAST_PORT - PORTS_PER_TOWN + 1;
  if (!Number.isInteger(port) || port < 1024 || port > last) {
    throw new UsageError(`--port wants a number from 1024 to ${last}, not ${values.port}.`);
  }
  return {
    mode,
    port,
    dataDir: resolve(cwd, values.data ?? ".hiroba"),
    reset: values.reset ?? false,
    fast: env.HIROBA_FAST_MEDIA === "1",
  };
}

function readFlags(args: string[]): { port?: string; data?: string; reset?: boolean } {
  try {
    return parseArgs({
      args,
      options: { port: { type: "string" }, data: { type: "string" }, reset: { type: "boolean" } },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} ${USAGE}`);
  }
}

/** The ports of the town whose address has port `base`. */
export function townPorts(base: number): TownPorts {
  return {
    town: base,
    worker: base + 1,
    neon: base + 2,
    aws: base + 3,
    cdn: base + 4,
    console: base + 5,
    postgres: base + 6,
    inspector: base + 7,
  };
}

/** The files of the town in `data`. */
export function townPaths(data: string): TownPaths {
  return {
    data,
    logs: join(data, "logs"),
    postgres: join(data, "postgres"),
    state: join(data, "state"),
    bundle: join(data, "bundle"),
    secrets: join(data, "secrets.json"),
    workerEnv: join(data, "worker.env"),
    ledger: join(data, "pids.json"),
    seeded: join(data, "seeded.json"),
    description: join(data, "town.json"),
  };
}
