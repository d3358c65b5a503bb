import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { link, rename, rm, writeFile } from "node:fs/promises";
import { endGroup, endProcess, endStrays } from "./groups.ts";
import { identify, type ProcessIdentity, stillRuns } from "./process-identity.ts";

/** Another town runs on the same data. The message says where, and how to stop it. */
export class TownRuns extends Error {}

/** The variable by which every process of a town can be told from all others. */
export const RUN_VARIABLE = "HIROBA_RUN";

/** A recorded process; `leads` says that it leads a process group, which ends with it. */
type RecordedProcess = ProcessIdentity & { leads: boolean };

interface LedgerFile {
  runId: string;
  url: string;
  launcher: ProcessIdentity;
  children: RecordedProcess[];
}

/**
 * The one file that says who runs a town: it is the lock (only one launcher can link it into place) and the list of
 * the processes that must not outlive it.
 */
export class Ledger {
  readonly #file: string;
  readonly #content: LedgerFile;
  #written: Promise<void> = Promise.resolve();

  private constructor(file: string, content: LedgerFile) {
    this.#file = file;
    this.#content = content;
  }

  /**
   * Takes the town over for this process. What a killed launcher left running is ended first.
   * @throws TownRuns
   */
  static async claim(file: string, url: string): Promise<Ledger> {
    const launcher = identify(process.pid) ?? { pid: process.pid, startedAt: "", command: "" };
    const content: LedgerFile = { runId: randomUUID(), url, launcher, children: [] };
    const mine = `${file}.${process.pid}`;
    await writeFile(mine, JSON.stringify(content));
    try {
      while (!(await linkNew(mine, file))) await clearStale(file);
    } finally {
      await rm(mine, { force: true });
    }
    return new Ledger(file, content);
  }

  get runId(): string {
    return this.#content.runId;
  }

  /** Remembers a child, and whether it leads a process group of its own. */
  async add(pid: number, { leads }: { leads: boolean }): Promise<void> {
    const identity = identify(pid);
    if (identity === undefined) return;
    this.#content.children.push({ ...identity, leads });
    this.#written = this.#written.then(() => this.#write());
    await this.#written;
  }

  /** Gives the town back. */
  async release(): Promise<void> {
    await this.#written;
    await rm(this.#file, { force: true });
  }

  async #write(): Promise<void> {
    const incoming = `${this.#file}.${process.pid}`;
    await writeFile(incoming, JSON.stringify(this.#content));
    await rename(incoming, this.#file);
  }
}

async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function clearStale(file: string): Promise<void> {
  const found = read(file);
  if (found !== undefined && stillRuns(found.launcher)) {
    throw new TownRuns(
      `This town already runs at ${found.url} (process ${found.launcher.pid}): stop it with Ctrl-C there or ` +
        `\`kill ${found.launcher.pid}\`, or start another with --port and --data.`,
    );
  }
  // Of two starts that find the same stale file only one can move it away; the other looks again.
  const moved = `${file}.stale-${process.pid}`;
  const won = await rename(file, moved).then(
    () => true,
    () => false,
  );
  if (!won) return;
  if (found !== undefined) {
    await Promise.all(found.children.map((child) => endLeftover(child, found.runId)));
  }
  await rm(moved, { force: true });
}

async function endLeftover(child: RecordedProcess, runId: string): Promise<void> {
  if (!child.leads) return endProcess(child.pid, () => stillRuns(child));
  if (stillRuns(child)) await endGroup(child.pid);
  // The leader may be gone while its children live on; those are known by the run's id alone.
  await endStrays(child.pid, RUN_VARIABLE, runId);
}

function read(file: string): LedgerFile | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as LedgerFile;
  } catch {
    return undefined;
  }
}
