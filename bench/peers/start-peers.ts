import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { OFFLINE_WRANGLER, WRANGLER_CLI } from "#local/town/builds.ts";
import { townPaths } from "#local/town/options.ts";
import type { WorkerConfig } from "#local/town/worker-config.ts";
import { serveBundle } from "#local/town/workerd.ts";

/** Another server to measure beside the town. */
export interface Peer {
  url: string;
  pid: number | undefined;
  stop(): Promise<void>;
}

/** Bundles the bare Hono Worker by the tool that bundles the town's and returns the folder. */
export async function bundleBareHono(dataDir: string): Promise<string> {
  const outdir = join(dataDir, "bare-hono-bundle");
  const config = join(import.meta.dirname, "bare-hono/wrangler.toml");
  await promisify(execFile)(
    process.execPath,
    [WRANGLER_CLI, "deploy", "--dry-run", "--minify", "--config", config, "--outdir", outdir],
    { env: { ...process.env, ...OFFLINE_WRANGLER } },
  );
  return outdir;
}

/**
 * Serves the bare Hono Worker as the town's is served, by a further instance of the same workerd binary.
 * @param assets the town's static files, to stand behind the same asset router as the town; bare without
 */
export async function startBareHono(
  port: number,
  bundle: string,
  assets?: NonNullable<WorkerConfig["worker"]["assets"]>,
): Promise<Peer> {
  const name = assets ? "bare-hono-behind-assets" : "bare-hono";
  const paths = { ...townPaths(join(bundle, "..", name)), bundle };
  await mkdir(paths.logs, { recursive: true });
  const worker: WorkerConfig["worker"] = {
    modules: [], // The server puts those of the bundle in their place.
    compatibilityDate: "2026-08-01",
    compatibilityFlags: ["nodejs_compat"],
    ...(assets ? { assets } : {}),
  };
  const server = await serveBundle({ name, crons: [], worker }, {}, port, paths);
  return { url: `http://127.0.0.1:${port}`, pid: server.pid, stop: () => server.stop() };
}

/** The Fastify server over the same PostgreSQL, in a process of its own. */
export async function startFastify(port: number, databaseUrl: string, cdnUrl: string): Promise<Peer> {
  const child = fork(join(import.meta.dirname, "fastify.ts"), {
    env: { ...process.env, NODE_ENV: "production", PORT: String(port), DATABASE_URL: databaseUrl, CDN_URL: cdnUrl },
  });
  const ended = once(child, "exit");
  await Promise.race([
    once(child, "message"),
    ended.then(([code]) => Promise.reject(new Error(`The Fastify peer ended with code ${code}.`))),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
