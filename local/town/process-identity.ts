import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Enough to tell whether a process number still means the same process: numbers are used again, start times are not. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
  command: string;
}

/** Whether a process with this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The command line of a process, words joined by one space, or `undefined` when it does not exist. */
export function commandOf(pid: number): string | undefined {
  return process.platform === "linux" ? linuxCommand(pid) : psField(pid, "command=");
}

/** Who `pid` is now, or `undefined` when no such process exists. */
export function identify(pid: number): ProcessIdentity | undefined {
  const command = commandOf(pid);
  const startedAt = process.platform === "linux" ? linuxStat(pid)?.startTicks : psField(pid, "lstart=");
  return command === undefined || startedAt === undefined ? undefined : { pid, startedAt, command };
}

/** Whether the process that was recorded as `recorded` still runs. */
export function stillRuns(recorded: ProcessIdentity): boolean {
  const now = identify(recorded.pid);
  return now !== undefined && now.startedAt === recorded.startedAt && now.command === recorded.command;
}

/** The value of a variable in the environment that a process was started with. Linux only; `undefined` elsewhere. */
export function environmentOf(pid: number, name: string): string | undefined {
  const text = readProc(pid, "environ");
  const entry = text?.split("\0").find((line) => line.startsWith(`${name}=`));
  return entry?.slice(name.length + 1);
}

/** The process group of a running process. Linux only; `undefined` elsewhere. */
export function groupOf(pid: number): number | undefined {
  const stat = linuxStat(pid);
  return stat === undefined || stat.state === "Z" ? undefined : stat.group;
}

/** The numbers of the processes that `pid` started itself. Linux only; none elsewhere. */
export function childrenOf(pid: number): number[] {
  return (readProc(pid, `task/${pid}/children`) ?? "").split(" ").filter(Boolean).map(Number);
}

function linuxCommand(pid: number): string | undefined {
  const state = linuxStat(pid)?.state;
  if (state === undefined || state === "Z") return undefined;
  return readProc(pid, "cmdline")?.split("\0").join(" ").trim();
}

/** Fields 3, 5 and 22 of proc_pid_stat(5). The second field may itself hold blanks and brackets, hence the last bracket. */
function linuxStat(pid: number): { state: string; group: number; startTicks: string } | undefined {
  const text = readProc(pid, "stat");
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const state = fields?.[0];
  const startTicks = fields?.[19];
  if (state === undefined || startTicks === undefined) return undefined;
  return { state, group: Number(fields?.[2]), startTicks };
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

function psField(pid: number, field: string): string | undefined {
  const answer = spawnSync("ps", ["-o", field, "-p", String(pid)], { encoding: "utf8" });
  const text = answer.stdout?.trim();
  return answer.status === 0 && text ? text : undefined;
}
