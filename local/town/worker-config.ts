import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { WorkerOptions } from "miniflare";
import { OFFLINE_WRANGLER, WRANGLER_CLI } from "./builds.ts";
import { ROOT } from "./options.ts";

/** What `wrangler.toml` says, in the words of Miniflare's options. */
export interface WorkerConfig {
  name: string;
  crons: string[];
  worker: WorkerOptions;
}

type Wrangler = Pick<typeof import("wrangler"), "unstable_readConfig" | "unstable_getMiniflareWorkerOptions">;

/**
 * Reads `wrangler.toml` with wrangler's own reader, so that nothing is understood differently here and there.
 * The reader weighs 300 MB of memory: it runs in a process of its own, which ends at once.
 */
export async function readWorkerConfig(): Promise<WorkerConfig> {
  const reader = spawn(process.execPath, [import.meta.filename], {
    cwd: ROOT,
    env: { ...process.env, ...OFFLINE_WRANGLER, CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: "false" },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let json = "";
  let complaints = "";
  reader.stdio[3]?.on("data", (chunk: Buffer) => (json += chunk.toString()));
  reader.stderr?.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  reader.stdout?.resume();
  await new Promise<void>((resolve, reject) => {
    reader.once("error", reject);
    reader.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`wrangler.toml cannot be read:\n${complaints.trim()}`));
    });
  });
  return JSON.parse(json) as WorkerConfig;
}

async function printWorkerConfig(): Promise<void> {
  const { writeFileSync } = await import("node:fs");
  const wrangler = (await import(pathToFileURL(WRANGLER_CLI).href)) as Wrangler;
  const file = join(ROOT, "wrangler.toml");
  const config = wrangler.unstable_readConfig({ config: file });
  const { workerOptions } = wrangler.unstable_getMiniflareWorkerOptions(file);
  const answer = { name: config.name, crons: config.triggers.crons ?? [], worker: workerOptions };
  writeFileSync(3, JSON.stringify(answer)); // Standard output belongs to wrangler's own remarks.
}

if (import.meta.main) await printWorkerConfig();
