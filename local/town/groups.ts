import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { environmentOf, groupOf } from "./process-identity.ts";

const PATIENCE_MS = 8_000;

/** Asks a whole process group to end, waits, and after eight seconds ends it by force. Resolves when it is gone. */
export async function endGroup(leader: number): Promise<void> {
  if (!signalGroup(leader, "SIGTERM")) return;
  const deadline = Date.now() + PATIENCE_MS;
  while (signalGroup(leader, 0)) {
    if (Date.now() > deadline) signalGroup(leader, "SIGKILL");
    await sleep(25);
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

/** The same for one process, which is looked at again before every signal. */
export async function endProcess(pid: number, stillRuns: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (stillRuns()) {
    kill(pid, Date.now() > deadline ? "SIGKILL" : "SIGTERM");
    await sleep(50);
  }
}

/**
 * Ends the members of a leaderless process group that were started with `variable=value` in their environment.
 * Where the environment of other processes cannot be read (not Linux), nobody is touched.
 */
export async function endStrays(group: number, variable: string, value: string): Promise<void> {
  const strays = () => membersOf(group).filter((pid) => environmentOf(pid, variable) === value);
  const deadline = Date.now() + PATIENCE_MS;
  for (let left = strays(); left.length > 0; left = strays()) {
    const signal = Date.now() > deadline ? "SIGKILL" : "SIGTERM";
    for (const pid of left) kill(pid, signal);
    await sleep(50);
  }
}

function membersOf(group: number): number[] {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => groupOf(pid) === group);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
}
