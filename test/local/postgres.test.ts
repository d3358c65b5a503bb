import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyMigrations } from "#db/migrate.ts";
import { type Postgres, startPostgres } from "#local/postgres.ts";
import { isAlive } from "#local/town/process-identity.ts";
import { freePorts } from "#local/town/ports.ts";

let dataDir: string;
let port: number;
let running: Postgres[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "hiroba-postgres-"));
  await chmod(dataDir, 0o711);
  [port = 0] = await freePorts(1);
  running = [];
});

afterEach(async () => {
  for (const server of running) await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<Postgres> {
  const server = await startPostgres({ dataDir: join(dataDir, "pg"), port, durable: false });
  running.push(server);
  return server;
}

async function ask<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

test("finds Japanese trigrams, keeps data over a restart and leaves no process", async () => {
  const first = await start();
  expect(first.created).toBe(true);
  await ask(first.url, "create extension pg_trgm");
  const [found] = await ask<{ trigrams: string[] }>(first.url, "select show_trgm('東京都') as trigrams");
  expect(found?.trigrams).toHaveLength(4);
  await ask(first.url, "create table kept as select 42 as n");
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);

  const second = await start();
  expect(second.created).toBe(false);
  expect(await ask(second.url, "select n from kept")).toEqual([{ n: 42 }]);
});

test("an interrupted first start is simply made again", async () => {
  await mkdir(join(dataDir, "pg", "incoming", "base"), { recursive: true });
  await writeFile(join(dataDir, "pg", "incoming", "PG_VERSION"), "18\n");
  const server = await start();
  expect(await ask(server.url, "select 1 as n")).toEqual([{ n: 1 }]);
});

test("a damaged folder is named, with the way out", async () => {
  await mkdir(join(dataDir, "pg", "cluster"), { recursive: true });
  await expect(start()).rejects.toThrow(/is damaged: start with --reset/);
});

test("a taken port is named, with the way out", async () => {
  const other = createServer().listen(port, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  expect((other.address() as AddressInfo).port).toBe(port);
  await expect(start()).rejects.toThrow(new RegExp(`Port ${port} .* --port`));
  await new Promise((resolve) => other.close(resolve));
});

test("a server that a killed launcher left behind is ended before the next starts", async () => {
  const abandoned = await start();
  await ask(abandoned.url, "create table kept as select 7 as n");
  const next = await start();
  await expect(abandoned.failed).rejects.toThrow("PostgreSQL ended");
  expect(isAlive(abandoned.pid)).toBe(false);
  expect(await ask(next.url, "select n from kept")).toEqual([{ n: 7 }]);
});

test("a number in a stale postmaster.pid that belongs to somebody else is left alone", async () => {
  await (await start()).stop();
  const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const pidFile = join(dataDir, "pg", "cluster", "postmaster.pid");
  await writeFile(pidFile, `${stranger.pid}\n${join(dataDir, "pg", "cluster")}\n`);
  const server = await start();
  expect(stranger.exitCode).toBeNull();
  expect(stranger.signalCode).toBeNull();
  expect(Number.parseInt(await readFile(pidFile, "utf8"), 10)).toBe(server.pid);
  stranger.kill();
});

test("migrations are applied once, even by two at a time, and a failing one leaves nothing", async () => {
  const server = await start();
  const folder = join(dataDir, "migrations");
  await mkdir(join(folder, "meta"), { recursive: true });
  const entries = [{ idx: 0, version: "7", when: 1, tag: "0000_first", breakpoints: true }];
  const journal = (list: unknown[]) =>
    writeFile(
      join(folder, "meta/_journal.json"),
      JSON.stringify({ version: "7", dialect: "postgresql", entries: list }),
    );
  await writeFile(
    join(folder, "0000_first.sql"),
    "create table one (n int);--> statement-breakpoint\ncreate table two (n int);",
  );
  await journal(entries);
  const counts = await Promise.all([applyMigrations(server.url, folder), applyMigrations(server.url, folder)]);
  expect(counts.toSorted()).toEqual([0, 1]);

  await writeFile(
    join(folder, "0001_bad.sql"),
    "create table three (n int);--> statement-breakpoint\nselect nonsense;",
  );
  await journal([...entries, { idx: 1, version: "7", when: 2, tag: "0001_bad", breakpoints: true }]);
  await expect(applyMigrations(server.url, folder)).rejects.toThrow();
  expect(await ask(server.url, "select to_regclass('three') as three")).toEqual([{ three: null }]);
});
