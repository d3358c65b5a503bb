import { cpuTimeMs, familyCpuTimeMs, machineCpuTimeMs } from "./cpu-time.ts";
import type { LoadGenerator, LoadResult } from "./load/load.ts";

/** Somebody who answers one kind of request. */
export interface Contestant {
  name: string;
  url: string;
  headerSets: Record<string, string>[];
  serverPid: number | undefined;
}

/** How a contest is held. */
export interface ContestRules {
  connections: number;
  warmUpMs: number;
  windowMs: number;
  /** Windows of each contestant. */
  rounds: number;
}

/** Whose CPU time belongs to the work although it is not the server's own. */
export interface Company {
  generatorPid: number;
  /** The process that stands for Neon's edge. */
  neonDoorPid: number;
  postmasterPid: number;
}

/** One window of one contestant. CPU figures are microseconds per request; NaN where they cannot be told. */
export interface Window {
  ratePerS: number;
  p50Ms: number;
  p95Ms: number;
  serverUs: number;
  neonDoorUs: number;
  postgresUs: number;
  /** Cores that others on the machine kept busy meanwhile. */
  foreignCores: number;
  failures: number;
  firstFailure: string | undefined;
}

export interface Standing {
  contestant: Contestant;
  windows: Window[];
}

/** Holds the contest in turns: each round gives every contestant one window, so that a change of the machine's mood meets all of them. */
export async function holdContest(
  contestants: Contestant[],
  rules: ContestRules,
  load: LoadGenerator,
  company: Company,
  log: (message: string) => void,
): Promise<Standing[]> {
  const standings = contestants.map((contestant): Standing => ({ contestant, windows: [] }));
  for (let round = 0; round < rules.rounds; round++) {
    for (const { contestant, windows } of standings) {
      const window = await measure(contestant, rules, load, company);
      windows.push(window);
      log(`  ${round + 1}/${rules.rounds}  ${contestant.name}: ${Math.round(window.ratePerS)}/s`);
    }
  }
  return standings;
}

async function measure(
  { url, headerSets, serverPid }: Contestant,
  { connections, warmUpMs, windowMs }: ContestRules,
  load: LoadGenerator,
  company: Company,
): Promise<Window> {
  const read = () => cpuReading(serverPid, company);
  let before = read();
  const result = await load.run({ url, headerSets, connections, warmUpMs, windowMs }, () => (before = read()));
  return windowOf(result, before, read());
}

type CpuReading = ReturnType<typeof cpuReading>;

function cpuReading(serverPid: number | undefined, { generatorPid, neonDoorPid, postmasterPid }: Company) {
  return {
    server: serverPid === undefined ? Number.NaN : cpuTimeMs(serverPid),
    neonDoor: cpuTimeMs(neonDoorPid),
    postgres: familyCpuTimeMs(postmasterPid),
    generator: cpuTimeMs(generatorPid),
    machine: machineCpuTimeMs(),
  };
}

function windowOf(result: LoadResult, before: CpuReading, after: CpuReading): Window {
  const { requests, elapsedMs, p50Ms, p95Ms, failures, firstFailure } = result;
  const spentMs = (who: keyof CpuReading) => after[who] - before[who];
  const perRequestUs = (who: keyof CpuReading) => (spentMs(who) * 1_000) / requests;
  const ownMs = spentMs("server") + spentMs("neonDoor") + spentMs("postgres") + spentMs("generator");
  return {
    ratePerS: (requests * 1_000) / elapsedMs,
    p50Ms,
    p95Ms,
    serverUs: perRequestUs("server"),
    neonDoorUs: perRequestUs("neonDoor"),
    postgresUs: perRequestUs("postgres"),
    foreignCores: Math.max(0, spentMs("machine") - ownMs) / elapsedMs,
    failures,
    firstFailure,
  };
}
