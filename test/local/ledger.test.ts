import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Ledger, RUN_VARIABLE, TownRuns } from "#local/town/ledger.ts";
import { identify, isAlive } from "#local/town/process-identity.ts";

const IDLE = "console.log('up'); setInterval(() => {}, 1000);";
/** Starts a child in its own group, says the child's number and ends, so that the group loses its leader. */
const LEADER_THAT_LEAVES = `
  const { spawn } = require("node:child_process");
  const child = spawn(process.execPath, ["-e", ${JSON.stringify(IDLE)}], { stdio: ["ignore", "pipe", "ignore"] });
  child.stdout.once("data", () => { console.log(child.pid); process.exit(0); });`;

let folder: string;
let file: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hiroba-ledger-"));
  file = join(folder, "pids.json");
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

async function spawned(
  code: string,
  env: Record<string, string> = {},
): Promise<{ child: ChildProcess; said: string; pid: number }> {
  const child = spawn(process.execPath, ["-e", code], {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  const said = await new Promise<string>((resolve) =>
    child.stdout?.once("data", (data: Buffer) => resolve(data.toString())),
  );
  return { child, said: said.trim(), pid: child.pid ?? 0 };
}

/** Rewrites the ledger as if its launcher had been killed, with these children left. */
async function leaveBehind(entries: { pid: number; leads: boolean }[], change: object = {}): Promise<string> {
  const ledger = await Ledger.claim(file, "http://127.0.0.1:1");
  const content = JSON.parse(await readFile(file, "utf8")) as { launcher: object };
  content.launcher = { ...content.launcher, startedAt: "long ago" };
  const recorded = entries.map(({ pid, leads }) => ({ ...identify(pid), leads, ...change }));
  await writeFile(file, JSON.stringify({ ...content, children: recorded }));
  return ledger.runId;
}

test("while one town runs a second is refused, and told where and how to stop it", async () => {
  const ledger = await Ledger.claim(file, "http://127.0.0.1:8787");
  const second = Ledger.claim(file, "http://127.0.0.1:9100");
  await expect(second).rejects.toThrow(TownRuns);
  await expect(second).rejects.toThrow(`http://127.0.0.1:8787 (process ${process.pid})`);
  await ledger.release();
  await (await Ledger.claim(file, "http://127.0.0.1:9100")).release();
});

test("of many claims at once one wins", async () => {
  const claims = await Promise.allSettled(Array.from({ length: 8 }, () => Ledger.claim(file, "http://127.0.0.1:1")));
  expect(claims.filter((claim) => claim.status === "fulfilled")).toHaveLength(1);
});

test("what a killed launcher left is ended: groups and single processes", async () => {
  const [group, single] = [await spawned(IDLE), await spawned(IDLE)];
  await leaveBehind([
    { pid: group.pid, leads: true },
    { pid: single.pid, leads: false },
  ]);
  const ended = Promise.all([group, single].map(({ child }) => new Promise((resolve) => child.once("exit", resolve))));
  await (await Ledger.claim(file, "http://127.0.0.1:1")).release();
  await ended;
  expect(isAlive(group.pid) || isAlive(single.pid)).toBe(false);
});

test("a process that only has a recorded number again is not touched", async () => {
  const stranger = await spawned(IDLE);
  await leaveBehind([{ pid: stranger.pid, leads: true }], { startedAt: "before its time" });
  await (await Ledger.claim(file, "http://127.0.0.1:1")).release();
  expect(stranger.child.exitCode ?? stranger.child.signalCode).toBeNull();
});

test.runIf(process.platform === "linux")(
  "children of a group whose leader is gone are ended if they carry the run's id",
  async () => {
    const runId = await leaveBehind([]);
    const ours = await spawned(LEADER_THAT_LEAVES, { [RUN_VARIABLE]: runId });
    const theirs = await spawned(LEADER_THAT_LEAVES, { [RUN_VARIABLE]: "another run" });
    const content = JSON.parse(await readFile(file, "utf8")) as object;
    const gone = [ours, theirs].map(({ pid }) => ({ pid, startedAt: "1", command: "gone", leads: true }));
    await writeFile(file, JSON.stringify({ ...content, children: gone }));
    await (await Ledger.claim(file, "http://127.0.0.1:1")).release();
    expect(identify(Number(ours.said))).toBeUndefined();
    expect(identify(Number(theirs.said))).toBeDefined();
    process.kill(Number(theirs.said), "SIGKILL");
  },
);
