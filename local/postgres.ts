import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { assertPortFree } from "./town/ports.ts";
import { type ServerUser, postgresBinaries, serverUser } from "./postgres/binaries.ts";
import { clusterDir, connectionUrl, ensureCluster, LOCAL_DATABASE, reachableDir } from "./postgres/cluster.ts";
import { clearLeftoverServer } from "./postgres/leftover.ts";

/** How to start a local PostgreSQL. */
export interface PostgresOptions {
  /** The folder that the server owns; made when missing. */
  dataDir: string;
  /** The TCP port on 127.0.0.1. */
  port: number;
  /** `true` keeps every commit through a crash; `false` trades that for speed (tests). */
  durable: boolean;
  /** Where the server writes its log; nowhere when missing. */
  logFile?: string;
}

/** A running local PostgreSQL. */
export interface Postgres {
  /** Connection string of the database `hiroba`. */
  url: string;
  /** The number of the server's main process. */
  pid: number;
  /** Whether this start made a new, empty cluster. */
  created: boolean;
  /** Rejects if the server ends by itself. Never resolves. */
  failed: Promise<never>;
  /** Ends all sessions, writes a checkpoint and waits until the server is gone. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;
const MAX_CONNECTIONS = 120;

const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: String(MAX_CONNECTIONS),
  shared_buffers: "128MB",
  timezone: "UTC",
  log_timezone: "UTC",
};
const CARELESS_SETTINGS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/**
 * Starts a real PostgreSQL 18 on loopback from npm's binaries and makes its database on the first start.
 * Passwords travel in clear text (method `password`), which lets the Neon driver log in without a waiting round trip.
 * @throws one readable sentence when the port is taken or the data folder is damaged
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const user = serverUser();
  const [binaries, home] = await Promise.all([postgresBinaries(user), reachableDir(options.dataDir, user)]);
  const cluster = await ensureCluster(binaries, home, user, options.durable);
  await clearLeftoverServer(cluster.dir);
  await assertPortFree(options.port, "PostgreSQL");
  const server = spawnServer(binaries.postgres, cluster.dir, user, options);
  const { ended, failed } = watch(server, options.logFile);
  try {
    await Promise.race([untilReady(cluster.dir, server), failed]);
    await ensureDatabase(options.port);
  } catch (error) {
    await stopServer(server, ended);
    throw error;
  }
  return {
    url: connectionUrl(options.port),
    pid: server.pid ?? 0,
    created: cluster.created,
    failed,
    stop: () => stopServer(server, ended),
  };
}

/** Ends the server that a killed launcher left running on `dataDir`, if there is one. */
export async function clearLeftoverPostgres(dataDir: string): Promise<void> {
  await clearLeftoverServer(clusterDir(await postgresHome(dataDir)));
}

/** The folder in which {@link startPostgres} keeps the files of `dataDir`. */
export async function postgresHome(dataDir: string): Promise<string> {
  return reachableDir(dataDir, serverUser());
}

function spawnServer(program: string, dir: string, user: ServerUser, options: PostgresOptions): ChildProcess {
  const settings = { ...SETTINGS, ...(options.durable ? {} : CARELESS_SETTINGS) };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = options.logFile === undefined ? "ignore" : openSync(options.logFile, "a");
  const server = spawn(program, ["-D", dir, "-p", String(options.port), ...flags], {
    ...user,
    cwd: dir,
    // The town's server has a process group of its own: Ctrl-C in the terminal must reach the launcher alone, which
    // stops the server last. A test's server may end by that same Ctrl-C.
    detached: options.durable,
    env: { PATH: process.env.PATH, LC_ALL: "C" },
    stdio: ["ignore", log, log],
  });
  if (typeof log === "number") closeSync(log);
  return server;
}

function watch(server: ChildProcess, logFile: string | undefined): { ended: Promise<void>; failed: Promise<never> } {
  const ended = new Promise<void>((resolve) => {
    server.once("exit", () => resolve());
    server.once("error", () => resolve());
  });
  const failed = new Promise<never>((_, reject) => {
    server.once("error", reject);
    server.once("exit", (code, signal) =>
      reject(new Error(`PostgreSQL ended (${signal ?? code}).${lastLines(logFile)}`)),
    );
  });
  failed.catch(() => {}); // Whoever cares waits for it; an ordinary stop must not count as an unhandled failure.
  return { ended, failed };
}

function lastLines(logFile: string | undefined): string {
  if (logFile === undefined || !existsSync(logFile)) return "";
  return `\n${readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-8).join("\n")}\nWhole log: ${logFile}`;
}

/** The server writes its state into line 8 of postmaster.pid (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_PM_STATUS). */
async function untilReady(dir: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    const lines = await readFile(join(dir, "postmaster.pid"), "utf8").then(
      (text) => text.split("\n"),
      () => [],
    );
    if (Number(lines[0]) === server.pid && lines[7]?.trim() === "ready") return;
    await sleep(10);
  }
  throw new Error(`PostgreSQL was not ready after ${START_TIMEOUT_MS / 1000} s.`);
}

async function ensureDatabase(port: number): Promise<void> {
  const client = new pg.Client({ connectionString: connectionUrl(port, "postgres") });
  await client.connect();
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [LOCAL_DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(LOCAL_DATABASE)}`);
  } finally {
    await client.end();
  }
}

async function stopServer(server: ChildProcess, ended: Promise<void>): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  server.kill("SIGINT"); // Fast shutdown: https://www.postgresql.org/docs/18/server-shutdown.html
  const gone = await Promise.race([ended.then(() => true), sleep(STOP_TIMEOUT_MS, false, { ref: false })]);
  if (gone) return;
  server.kill("SIGQUIT");
  await ended;
}
