import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { OFFLINE_WRANGLER, WRANGLER_CLI } from "#local/town/builds.ts";
import { townPaths } from "#local/town/options.ts";
import { serveBundle } from "#local/town/workerd.ts";

/** Another server to measure beside the town. */
export interface Peer {
  url: string;
  pid: number | undefined;
  stop(): Promise<void>;
}

/** The bare Hono Worker, bundled by the same tool and served by the same workerd binary in the same way as the town's, as a second instance. */
export async function startBareHono(port: number, dataDir: string): Promise<Peer> {
  const paths = townPaths(join(dataDir, "bare-hono"));
  await mkdir(paths.logs, { recursive: true });
  const config = join(import.meta.dirname, "bare-hono/wrangler.toml");
  await promisify(execFile)(
    process.execPath,
    [WRANGLER_CLI, "deploy", "--dry-run", "--minify", "--config", config, "--outdir", paths.bundle],
    { env: { ...process.env, ...OFFLINE_WRANGLER } },
  );
  const worker = { compatibilityDate: "2026-08-01", compatibilityFlags: ["nodejs_compat"] };
  const server = await serveBundle({ name: "bare-hono", crons: [], worker } as never, {}, port, paths);
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
