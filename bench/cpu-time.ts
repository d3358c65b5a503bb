import { readFileSync } from "node:fs";
import { childrenOf } from "#local/town/process-identity.ts";

/** proc_pid_stat(5) counts in `sysconf(_SC_CLK_TCK)` ticks, which is 100 a second on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** CPU time of a process and of those of its children that have ended, in milliseconds; NaN where /proc does not tell (not Linux). */
export function cpuTimeMs(pid: number): number {
  const stat = readProc(`${pid}/stat`);
  // Fields 14–17 (utime, stime, cutime, cstime). The second field may hold blanks and brackets, hence the last bracket.
  const ticks = stat
    ?.slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15);
  return ticks === undefined ? Number.NaN : sum(ticks.map(Number)) * MS_PER_TICK;
}

/** The same of a process and its present children: a PostgreSQL postmaster and its backends. */
export function familyCpuTimeMs(pid: number): number {
  return sum([pid, ...childrenOf(pid)].map(cpuTimeMs).filter((ms) => !Number.isNaN(ms)));
}

/** CPU time that anybody on this machine has used, in milliseconds; NaN where /proc does not tell. */
export function machineCpuTimeMs(): number {
  const fields = readProc("stat")?.split("\n")[0]?.split(/\s+/).slice(1).map(Number);
  if (fields === undefined) return Number.NaN;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return (user + nice + system + irq + softirq + steal) * MS_PER_TICK;
}

function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
