import type { Field } from "./cases.ts";
import type { Standing, Window } from "./contest.ts";
import type { PageQueries } from "./queries.ts";
import { median, spread, table } from "./table.ts";

/** Above this others on the machine have disturbed a window. */
const FOREIGN_CORES_MAX = 0.35;

/** The table of figures and ratios, with a word on how far to trust them. */
export function contestReport(standings: Standing[], { bareHono, routedHono, fastifyPg }: Field): string {
  const rateOf = ({ windows }: Standing) => median(windows.map(({ ratePerS }) => ratePerS));
  const peerRates = [bareHono, routedHono, fastifyPg].map((peer) =>
    rateOf(standings.find(({ contestant }) => contestant === peer)!),
  );
  const cpuOf = ({ windows }: Standing) => median(windows.map(({ serverUs }) => serverUs));
  const floorUs = cpuOf(standings.find(({ contestant }) => contestant === bareHono)!);
  const rows = standings.map((standing) => {
    const { contestant, windows } = standing;
    const all = (of: (window: Window) => number) => windows.map(of);
    const othersUs = all(({ neonDoorUs, postgresUs }) => neonDoorUs + postgresUs);
    return [
      contestant.name,
      spread(all(({ ratePerS }) => ratePerS)),
      median(all(({ p50Ms }) => p50Ms)).toFixed(1),
      median(all(({ p95Ms }) => p95Ms)).toFixed(1),
      spread(all(({ serverUs }) => serverUs)),
      median(othersUs).toFixed(0),
      (cpuOf(standing) / floorUs).toFixed(1),
      ...peerRates.map((rate) => (rateOf(standing) / rate).toFixed(2)),
    ];
  });
  const head = [
    "",
    "requests/s",
    "p50 ms",
    "p95 ms",
    "server µs",
    "+ db µs",
    "µs / Hono",
    "rate / Hono",
    "/ behind assets",
    "/ Fastify",
  ];
  return [table(head, rows), "", ...trustworthiness(standings)].join("\n");
}

function trustworthiness(standings: Standing[]): string[] {
  const windows = standings.flatMap((standing) => standing.windows);
  const noisy = windows.filter(({ foreignCores }) => foreignCores > FOREIGN_CORES_MAX).length;
  const foreign = spread(
    windows.map(({ foreignCores }) => foreignCores),
    2,
  );
  const verdict = noisy * 2 > windows.length ? "too noisy to judge by" : "quiet enough";
  const failures = standings.flatMap(({ contestant, windows }) =>
    windows
      .filter((window) => window.failures > 0)
      .map((window) => `FAILED: ${contestant.name}, ${window.failures} requests; the first: ${window.firstFailure}`),
  );
  return [
    `Median (min–max) of ${standings[0]?.windows.length ?? 0} windows; ratios of median rates.`,
    `Cores kept busy by others: ${foreign}; above ${FOREIGN_CORES_MAX} in ${noisy} of ${windows.length} windows: ${verdict}.`,
    ...failures,
  ];
}

/** What each page costs in SQL round trips. */
export function queriesReport(pages: PageQueries[]): string {
  return table(
    ["Page", "caller", "queries", "bytes"],
    pages.map(({ page, caller, queries, bytes }) => [page, caller, String(queries), String(bytes)]),
  );
}
