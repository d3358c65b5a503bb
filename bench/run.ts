import { cpus } from "node:os";
import type { Scope } from "#local/town/scope.ts";
import { townPorts } from "#local/town/options.ts";
import { readWorkerConfig } from "#local/town/worker-config.ts";
import { assertSameAnswer, contestants, type Peers } from "./cases.ts";
import { type ContestRules, holdContest } from "./contest.ts";
import { startLoadGenerator } from "./load/load.ts";
import { bundleBareHono, startBareHono, startFastify } from "./peers/start-peers.ts";
import { queriesPerPage } from "./queries.ts";
import { contestReport, queriesReport } from "./report.ts";
import { cloneVideos, inventCallers, publishedVideos } from "./town/furnish.ts";
import { type BenchTown, freePortRange, openTown } from "./town/open-town.ts";
import { bundleReport } from "./bundle/report.ts";
import { inScope } from "./town/in-scope.ts";

const RULES: ContestRules = { connections: 32, warmUpMs: 1_000, windowMs: 3_000, rounds: 3 };
const VIDEOS_ON_PAGE = 24;
/** Together they may make 96,000 API calls in a quarter of an hour. */
const CALLERS = 96;

await inScope(async (scope) => {
  const say = (message: string) => console.log(message);
  say("Opening a town …");
  const port = await freePortRange(3);
  const town = await openTown(scope, port, { fastMedia: true });
  const originals = await publishedVideos(town.databaseUrl);
  await cloneVideos(town.databaseUrl, originals, VIDEOS_ON_PAGE);
  const callers = await inventCallers(town.databaseUrl, CALLERS);
  const peers = await startPeers(scope, town, port + Object.keys(townPorts(port)).length);
  await assertSameAnswer(town.url, peers.fastifyPg.url);
  const load = await scope.start(startLoadGenerator());

  say(`Measuring (c = ${RULES.connections}, ${RULES.rounds} windows of ${RULES.windowMs} ms each, interleaved) …`);
  const field = contestants(town, peers, callers);
  const standings = await holdContest(
    [field.bareHono, field.routedHono, field.fastifyPg, ...field.hiroba],
    RULES,
    load,
    { generatorPid: load.pid, neonDoorPid: town.launcherPid, postmasterPid: town.postmasterPid },
    say,
  );
  say(`\n${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, Node ${process.version}\n`);
  say(contestReport(standings, field));
  say(`\n${queriesReport(await queriesPerPage(town.url, originals[0]!, callers[0]!))}`);
  say(`\n${await bundleReport(town.paths)}`);
});

async function startPeers(scope: Scope, town: BenchTown, firstPort: number): Promise<Peers> {
  const [bundle, { worker }] = await Promise.all([bundleBareHono(town.paths.data), readWorkerConfig()]);
  return {
    bareHono: await scope.start(startBareHono(firstPort, bundle)),
    routedHono: await scope.start(startBareHono(firstPort + 1, bundle, worker.assets)),
    fastifyPg: await scope.start(startFastify(firstPort + 2, town.databaseUrl, town.cdn.url)),
  };
}
