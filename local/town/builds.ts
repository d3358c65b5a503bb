import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Nursery } from "./child.ts";
import { ROOT, type TownPaths } from "./options.ts";

const REMIX_CLI = join(ROOT, "node_modules/@remix-run/dev/dist/cli.js");
/** wrangler's program proper: its `bin` only looks at the Node version and starts this file as one more process. */
export const WRANGLER_CLI = join(ROOT, "node_modules/wrangler/wrangler-dist/cli.js");
/** wrangler stays on this machine (no telemetry, no look-up of edge locations) and keeps no log beside its output. */
export const OFFLINE_WRANGLER = {
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

const APP_BUILD = join(ROOT, "build/server/index.js");
const SHARED_SOURCES = ["package-lock.json", "package.json", "tsconfig.json"];
const APP_SOURCES = ["app", "public", "worker", "durable-objects", "vite.config.ts", ...SHARED_SOURCES];
const WORKER_SOURCES = [...APP_SOURCES, "queues", "db", "wrangler.toml"];

/** Builds Remix once if there is no build at all: in development the Worker needs one only to be complete. */
export async function ensureAppBuild(nursery: Nursery): Promise<void> {
  if (!existsSync(APP_BUILD)) await buildApp(nursery);
}

/** Builds Remix and the minified Worker if a source changed since; the bundle then lies in `paths.bundle`. */
export async function ensureProductionBundle(nursery: Nursery, paths: TownPaths): Promise<void> {
  const appStamp = join(ROOT, "build/sources.sha256");
  const appSources = await fingerprint(APP_SOURCES);
  if (!existsSync(APP_BUILD) || readStamp(appStamp) !== appSources) {
    await buildApp(nursery);
    await writeFile(appStamp, appSources);
  }
  const bundleStamp = join(paths.bundle, "sources.sha256");
  const workerSources = await fingerprint(WORKER_SOURCES);
  if (!existsSync(join(paths.bundle, "index.js")) || readStamp(bundleStamp) !== workerSources) {
    await bundleWorker(nursery, paths);
    await writeFile(bundleStamp, workerSources);
  }
}

async function buildApp(nursery: Nursery): Promise<void> {
  const build = await nursery.start({
    name: "remix-build",
    script: REMIX_CLI,
    args: ["vite:build"],
    env: { NODE_ENV: "production" },
  });
  await build.ended;
}

async function bundleWorker(nursery: Nursery, paths: TownPaths): Promise<void> {
  await rm(paths.bundle, { recursive: true, force: true }); // Modules of an older bundle would be served along.
  const bundle = await nursery.start({
    name: "wrangler-bundle",
    script: WRANGLER_CLI,
    args: ["deploy", "--dry-run", "--minify", "--outdir", paths.bundle],
    env: OFFLINE_WRANGLER,
  });
  await bundle.ended;
}

function readStamp(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

async function fingerprint(sources: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const source of sources) {
    for (const file of await filesBelow(source)) {
      const { size, mtimeMs } = await stat(join(ROOT, file));
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest("hex");
}

async function filesBelow(source: string): Promise<string[]> {
  const found = await stat(join(ROOT, source)).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [source];
  const entries = await readdir(join(ROOT, source), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}
