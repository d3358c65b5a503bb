import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { postgresHome } from "#local/postgres.ts";
import type { TownDescription } from "#local/town/description.ts";
import { ROOT, townPaths, townPorts } from "#local/town/options.ts";
import { assertPortFree } from "#local/town/ports.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The running town of this run, as its `town.json` tells. */
    town: TownDescription;
  }
}

const FIRST_BASE = 20_000;
const BASES = 1_400;
const PORTS = 8;

/** Opens a town as `npm start` does, on ports and in a folder of its own, for people with browsers. */
export default async function openTown({ provide }: TestProject): Promise<() => Promise<void>> {
  const data = await mkdtemp(join(tmpdir(), "hiroba-browser-"));
  const paths = townPaths(data);
  const town = spawn(process.execPath, ["local/dev.mjs", "start", "--port", String(await freeBase()), "--data", data], {
    cwd: ROOT,
    env: { ...process.env, HIROBA_FAST_MEDIA: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const words = wordsOf(town);
  const close = async () => {
    if (town.exitCode === null && town.signalCode === null) {
      const ended = once(town, "exit");
      town.kill("SIGINT");
      await ended;
    }
    await rm(await postgresHome(paths.postgres), { recursive: true, force: true });
    await rm(data, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      appearance(data, paths.description),
      once(town, "exit").then(() => {
        throw new Error(`The town did not open:\n${words()}`);
      }),
    ]);
    provide("town", JSON.parse(await readFile(paths.description, "utf8")) as TownDescription);
  } catch (error) {
    await close();
    throw error;
  }
  return close;
}

/** The first of eight neighbouring ports that are all free. Runs beside each other begin to look at different places. */
async function freeBase(): Promise<number> {
  for (let tried = 0; tried < BASES; tried++) {
    const base = FIRST_BASE + ((process.pid + tried) % BASES) * PORTS;
    const probes = Object.values(townPorts(base)).map((port) => assertPortFree(port, "town"));
    const taken = (await Promise.allSettled(probes)).some(({ status }) => status === "rejected");
    if (!taken) return base;
  }
  throw new Error("There are no eight neighbouring free ports for a town.");
}

/** Resolves when `file` is there. It is put in place whole, so it can be read at once. */
function appearance(folder: string, file: string): Promise<void> {
  return new Promise((resolve) => {
    const looking = watch(folder, look);
    function look() {
      if (!existsSync(file)) return;
      looking.close();
      resolve();
    }
    look();
  });
}

/** What a process says, to be shown should it fail. Its pipes are read to the end, or it would stop in the middle of a word. */
function wordsOf({ stdout, stderr }: ChildProcess): () => string {
  let words = "";
  for (const stream of [stdout, stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-8_000);
    });
  return () => words;
}
