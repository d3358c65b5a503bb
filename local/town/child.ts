import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { endGroup } from "./groups.ts";
import { type Ledger, RUN_VARIABLE } from "./ledger.ts";
import { ROOT } from "./options.ts";

/** What to run: a JavaScript or TypeScript file with this very Node. */
export interface ChildOptions {
  /** Also the name of its log file. */
  name: string;
  script: string;
  args: string[];
  env?: Record<string, string>;
}

/** A running child. */
export interface Child {
  pid: number;
  /** Resolves when it ends with code 0; rejects with its last words when it ends otherwise. */
  ended: Promise<void>;
}

/** Starts children that never outlive the town: each leads a process group, stands in the ledger and logs to a file. */
export class Nursery {
  readonly #ledger: Ledger;
  readonly #logs: string;
  readonly #running = new Set<number>();
  #closed = false;

  constructor(ledger: Ledger, logs: string) {
    this.#ledger = ledger;
    this.#logs = logs;
  }

  /** Ends all children, side by side. No further one can be started. */
  async stop(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running].map(endGroup));
  }

  async start(options: ChildOptions): Promise<Child> {
    if (this.#closed) throw new Error("The town is closing.");
    const logFile = join(this.#logs, `${options.name}.log`);
    const log = openSync(logFile, "w");
    const child = spawn(process.execPath, [options.script, ...options.args], {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, NO_COLOR: "1", ...options.env, [RUN_VARIABLE]: this.#ledger.runId },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    const ended = new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        this.#running.delete(child.pid ?? 0);
        if (code === 0) resolve();
        else reject(new Error(`${options.name} ended (${signal ?? code}).${lastLines(logFile)}`));
      });
    });
    ended.catch(() => {}); // Nobody may be listening any more when the town stops it.
    if (child.pid === undefined) throw await ended.catch((error: unknown) => error);
    const pid = child.pid;
    this.#running.add(pid);
    await this.#ledger.add(pid, { leads: true });
    return { pid, ended };
  }
}

/** The end of a log, with its path, for an error message. */
function lastLines(logFile: string): string {
  const text = existsSync(logFile) ? readFileSync(logFile, "utf8").trimEnd() : "";
  return `\n${text.split("\n").slice(-15).join("\n")}\nWhole log: ${logFile}`;
}
