import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commandOf, isAlive } from "../town/process-identity.ts";

const STOP_TIMEOUT_MS = 10_000;

/**
 * Clears away what a killed launcher left in the cluster folder `dir`: a server of this very folder is stopped the
 * fast way, and a `postmaster.pid` whose number meanwhile belongs to nobody or to a foreign process is removed.
 * A foreign process is never signalled.
 */
export async function clearLeftoverServer(dir: string): Promise<void> {
  const pidFile = join(dir, "postmaster.pid");
  const text = await readFile(pidFile, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const pid = Number.parseInt(text, 10);
  if (Number.isSafeInteger(pid) && pid > 1 && isServerOf(pid, dir)) await stopServer(pid, dir);
  await rm(pidFile, { force: true });
}

function isServerOf(pid: number, dir: string): boolean {
  const command = commandOf(pid);
  return command !== undefined && /postgres/.test(command) && command.includes(dir);
}

async function stopServer(pid: number, dir: string): Promise<void> {
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid) && isServerOf(pid, dir)) {
    if (Date.now() > deadline) {
      process.kill(pid, "SIGKILL");
      return;
    }
    await sleep(50);
  }
}
