import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TownDescription } from "#local/town/description.ts";
import { ROOT, type TownPaths, townPaths, townPorts } from "#local/town/options.ts";
import { assertPortFree, PortTaken } from "#local/town/ports.ts";
import type { Scope } from "#local/town/scope.ts";
import { childrenOf, commandOf } from "#local/town/process-identity.ts";

const FIRST_PORT = 21_000;
const LAST_PORT = 32_000;
const OPENING_TAKES_MS_MAX = 10 * 60 * 1000;

/** A town of this run's own, with the production bundle. */
export interface BenchTown extends TownDescription {
  paths: TownPaths;
  /** The launcher: the stand-ins for the clouds run in it, among them Neon's door. */
  launcherPid: number;
  postmasterPid: number;
}

/**
 * Opens a fresh town with the demo seed and waits until it stands. With `scope` it closes, also while it still opens, and
 * its data goes.
 * @param port the first of its ports
 * @param fastMedia convert the demo films quickly and poorly
 * @throws Error with the launcher's last words when it ends by itself or takes more than ten minutes
 */
export async function openTown(scope: Scope, port: number, { fastMedia }: { fastMedia: boolean }): Promise<BenchTown> {
  const data = await mkdtemp(join(tmpdir(), "hiroba-bench-"));
  await chmod(data, 0o755); // PostgreSQL does not run as root: its own user must be able to enter.
  const launcher = spawn(process.execPath, ["local/dev.mjs", "start", "--port", String(port), "--data", data], {
    cwd: ROOT,
    env: { ...process.env, HIROBA_FAST_MEDIA: fastMedia ? "1" : "0" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // Ctrl-C reaches the bench alone, which closes the town.
  });
  scope.own({
    async stop() {
      await end(launcher);
      await rm(data, { recursive: true, force: true });
    },
  });
  const paths = townPaths(data);
  const description = await untilOpen(launcher, paths);
  return { ...description, paths, launcherPid: launcher.pid!, postmasterPid: postmasterOf(launcher.pid!) };
}

async function untilOpen(launcher: ChildProcess, paths: TownPaths): Promise<TownDescription> {
  let words = "";
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream?.on("data", (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4_000)));
  }
  const deadline = performance.now() + OPENING_TAKES_MS_MAX;
  while (!existsSync(paths.description)) {
    if (launcher.exitCode !== null || launcher.signalCode !== null) throw new Error(`The town did not open:\n${words}`);
    if (performance.now() > deadline) throw new Error(`The town takes too long to open:\n${words}`);
    await sleep(200);
  }
  return JSON.parse(readFileSync(paths.description, "utf8")) as TownDescription;
}

function postmasterOf(launcherPid: number): number {
  return childrenOf(launcherPid).find((pid) => /\/postgres -D /.test(commandOf(pid) ?? "")) ?? Number.NaN;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** The first of `count` neighbouring ports that are free, the town's own first. */
export async function freePortRange(count: number): Promise<number> {
  const townLength = Object.keys(townPorts(0)).length;
  const start = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
  for (let first = start; first < LAST_PORT; first += townLength + count) {
    const ports = Array.from({ length: townLength + count }, (_, offset) => first + offset);
    if (await allFree(ports)) return first;
  }
  throw new Error(`No ${townLength + count} neighbouring ports are free between ${start} and ${LAST_PORT}.`);
}

async function allFree(ports: number[]): Promise<boolean> {
  try {
    await Promise.all(ports.map((port) => assertPortFree(port, "benchmark")));
    return true;
  } catch (error) {
    if (error instanceof PortTaken) return false;
    throw error;
  }
}
