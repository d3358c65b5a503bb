import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Clouds, startClouds } from "./clouds.ts";
import { applyMigrations } from "#db/migrate.ts";
import { startNeonDoors } from "./neon.ts";
import { clearLeftoverPostgres, postgresHome, startPostgres } from "./postgres.ts";
import { connectionUrl } from "./postgres/cluster.ts";
import { loadSecrets, type TownSecrets } from "./secrets.ts";
import { ensureAppBuild, ensureProductionBundle } from "./town/builds.ts";
import { Nursery } from "./town/child.ts";
import { startCronClock } from "./town/cron.ts";
import {
  describeTown,
  removeDescription,
  type TownDescription,
  welcome,
  writeDescription,
} from "./town/description.ts";
import { fireWranglerCron, startVite, startWrangler } from "./town/front.ts";
import { Ledger, TownRuns } from "./town/ledger.ts";
import { parseTownOptions, townPaths, townPorts, type TownOptions, UsageError } from "./town/options.ts";
import { assertPortFree, PortTaken } from "./town/ports.ts";
import { Scope } from "./town/scope.ts";
import { seedOnce } from "./town/seeding.ts";
import { readWorkerConfig } from "./town/worker-config.ts";
import { serveBundle } from "./town/workerd.ts";
import { workerVariables, writeEnvFile } from "./town/worker-env.ts";

/** Path of the Worker at which the local event bus delivers. */
const EVENTS_HOOK = "/hooks/aws/events";

/** What the steps of a start share. */
interface Start {
  options: TownOptions;
  paths: ReturnType<typeof townPaths>;
  ports: ReturnType<typeof townPorts>;
  townUrl: string;
  scope: Scope;
  ledger: Ledger;
  nursery: Nursery;
  secrets: TownSecrets;
}

/** The Worker that answers, however it is served. */
interface RunningWorker {
  workerdPid?: number | undefined;
  /** Never resolves; rejects if the Worker's server ends by itself. */
  failed: Promise<unknown>;
  crons(): Promise<string[]>;
  fireCron(cron: string, at: Date): Promise<void>;
}

/**
 * Opens the town and keeps it open until SIGINT, SIGTERM or SIGHUP, or until one of its servers fails. Whatever the
 * end, no process is left behind.
 * @returns the exit code: 0 after a wished end
 */
export async function runTown(args: string[]): Promise<number> {
  const scope = new Scope();
  const signal = stopSignal();
  const crash = uncaught();
  try {
    const options = parseTownOptions(args, process.env);
    const opening = openTown(options, scope);
    opening.catch(() => {}); // After a stop signal nobody waits for it any more.
    const opened = await Promise.race([opening, signal, crash]);
    if (opened !== "stop") await Promise.race([opened.failed, signal, crash]);
    console.log("Closing the town …");
    await closeAll(scope);
    return 0;
  } catch (error) {
    console.error(isPlain(error) ? error.message : error);
    await closeAll(scope);
    return 1;
  }
}

/** The first signal closes the town in order; a second one does not wait for that. */
function stopSignal(): Promise<"stop"> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    const stop = () => {
      const now = Date.now();
      if (firstAt === undefined) {
        firstAt = now;
        resolve("stop");
      } else if (now - firstAt > 1_000) {
        process.exit(130); // Sooner it is npm, which passes on the Ctrl-C that the terminal has already sent.
      }
    };
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, stop);
  });
}

/** Rejects on an error that nobody caught: it must not end this process before the others are ended. */
function uncaught(): Promise<never> {
  const crash = new Promise<never>((_, reject) => process.on("uncaughtException", reject));
  crash.catch(() => {});
  return crash;
}

async function closeAll(scope: Scope): Promise<void> {
  for (const failure of await scope.close()) console.error("While closing:", failure);
}

/** Errors of our own, whose message alone tells the person at the terminal what to do. */
function isPlain(error: unknown): error is Error {
  return error instanceof Error && [Error, UsageError, TownRuns, PortTaken].some((kind) => kind === error.constructor);
}

async function openTown(options: TownOptions, scope: Scope): Promise<{ failed: Promise<unknown> }> {
  const start = await prepare(options, scope);
  const { paths, ports, townUrl, secrets } = start;
  const databaseUrl = connectionUrl(ports.postgres);
  const clouds = await scope.start(
    startClouds({
      dataDir: paths.data,
      ports: { aws: ports.aws, cdn: ports.cdn, console: ports.console },
      secrets,
      pageOrigins: [townUrl, townUrl.replace("127.0.0.1", "localhost")],
      eventsDestinationUrl: `http://127.0.0.1:${options.mode === "dev" ? ports.worker : ports.town}${EVENTS_HOOK}`,
      fast: options.fast,
    }),
  );
  const neonUrl = `http://127.0.0.1:${ports.neon}`;
  const variables = workerVariables(secrets, {
    townUrl,
    databaseUrl,
    neonUrl,
    awsUrl: clouds.awsUrl,
    cdnUrl: clouds.cdnUrl,
  });
  const serveWorker = options.mode === "dev" ? serveForDevelopment : serveProductionBundle;
  const [database, worker] = await Promise.all([openDatabase(start), serveWorker(start, variables)]);
  const logins = await seedOnce(paths.seeded, database.created, {
    databaseUrl,
    townUrl,
    dataDir: paths.data,
    log: (message) => console.log(`  ${message}`),
    drawFilm: clouds.drawFilm,
  });
  await announce(start, describeTown(townUrl, databaseUrl, secrets, clouds, logins, worker.workerdPid), clouds);
  const clock = startClock(start, worker);
  return { failed: Promise.race([database.failed, worker.failed, clock]) };
}

async function prepare(options: TownOptions, scope: Scope): Promise<Start> {
  const paths = townPaths(options.dataDir);
  const ports = townPorts(options.port);
  const townUrl = `http://127.0.0.1:${ports.town}`;
  await mkdir(paths.data, { recursive: true });
  const ledger = await Ledger.claim(paths.ledger, townUrl);
  scope.own({ stop: () => ledger.release() });
  console.log(options.mode === "dev" ? "Opening the town …" : "Opening the town with the production bundle …");
  await clearLeftoverPostgres(paths.postgres);
  if (options.reset) await discardData(paths);
  await removeDescription(paths.description);
  await mkdir(paths.logs, { recursive: true });
  await assertPortsFree(options, ports);
  const secrets = await loadSecrets(paths.secrets);
  const nursery = scope.own(new Nursery(ledger, paths.logs));
  return { options, paths, ports, townUrl, scope, ledger, nursery, secrets };
}

async function discardData(paths: ReturnType<typeof townPaths>): Promise<void> {
  await rm(await postgresHome(paths.postgres), { recursive: true, force: true });
  const keep = basename(paths.ledger);
  const names = await readdir(paths.data);
  await Promise.all(
    names.filter((name) => name !== keep).map((name) => rm(join(paths.data, name), { recursive: true, force: true })),
  );
}

async function assertPortsFree(options: TownOptions, ports: ReturnType<typeof townPorts>): Promise<void> {
  const { worker, inspector, ...always } = ports;
  const wanted = options.mode === "dev" ? { ...always, worker, inspector } : always;
  await Promise.all(Object.entries(wanted).map(([purpose, port]) => assertPortFree(port, purpose)));
}

async function openDatabase(start: Start): Promise<{ created: boolean; failed: Promise<never> }> {
  const { paths, ports, scope } = start;
  const postgres = await scope.start(
    startPostgres({
      dataDir: paths.postgres,
      port: ports.postgres,
      durable: true,
      logFile: join(paths.logs, "postgres.log"),
    }),
  );
  await applyMigrations(postgres.url);
  await scope.start(startNeonDoors({ port: ports.neon, postgresUrl: postgres.url }));
  return postgres;
}

async function serveForDevelopment(start: Start, variables: Record<string, string>): Promise<RunningWorker> {
  const { nursery, paths, ports } = start;
  await writeEnvFile(paths.workerEnv, variables);
  const serveWorker = async () => {
    await ensureAppBuild(nursery);
    return startWrangler(nursery, ports, paths);
  };
  const [worker, vite] = await Promise.all([serveWorker(), startVite(nursery, ports)]);
  return {
    failed: Promise.race([worker.ended, vite.ended]),
    crons: async () => (await readWorkerConfig()).crons,
    fireCron: (cron, at) => fireWranglerCron(ports, cron, at),
  };
}

async function serveProductionBundle(start: Start, variables: Record<string, string>): Promise<RunningWorker> {
  const { ledger, nursery, paths, ports, scope } = start;
  const [config] = await Promise.all([readWorkerConfig(), ensureProductionBundle(nursery, paths)]);
  const server = await scope.start(serveBundle(config, variables, ports.town, paths));
  if (server.pid !== undefined) await ledger.add(server.pid, { leads: false });
  return {
    workerdPid: server.pid,
    failed: new Promise(() => {}),
    crons: () => Promise.resolve(config.crons),
    fireCron: (cron, at) => server.fireCron(cron, at),
  };
}

async function announce(start: Start, town: TownDescription, clouds: Clouds): Promise<void> {
  const { paths, scope, options } = start;
  await writeDescription(paths.description, town);
  scope.own({ stop: () => removeDescription(paths.description) });
  console.log(welcome(options.mode, town, paths, clouds.notices));
}

/** Never resolves; rejects if the crons cannot be read. */
async function startClock(start: Start, worker: RunningWorker): Promise<never> {
  const report = (message: string) => console.error(message);
  const crons = await worker.crons();
  start.scope.own(startCronClock(crons, worker.fireCron, report));
  return new Promise(() => {});
}
