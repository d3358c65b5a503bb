import { createWriteStream, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Readable } from "node:stream";
import { Log, LogLevel, Miniflare, type WorkerOptions } from "miniflare";
import type { TownPaths } from "./options.ts";
import { childrenOf, commandOf } from "./process-identity.ts";
import type { WorkerConfig } from "./worker-config.ts";

/** The production bundle, served by workerd itself. */
export interface BundleServer {
  /** workerd's number where it can be told (Linux). */
  pid: number | undefined;
  /** Runs the Worker's `scheduled` handler. */
  fireCron(cron: string, at: Date): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Serves the bundle in `paths.bundle` on 127.0.0.1 by Miniflare 4: workerd listens itself, no Node code stands before
 * it. Bindings come from `wrangler.toml`, `variables` on top. Static files obey `public/_headers` and
 * `run_worker_first`; objects keep their state where `wrangler dev` keeps it.
 */
export async function serveBundle(
  config: WorkerConfig,
  variables: Record<string, string>,
  port: number,
  paths: TownPaths,
): Promise<BundleServer> {
  const output = createWriteStream(join(paths.logs, "worker.log"));
  const before = new Set(childrenOf(process.pid));
  const miniflare = keepingSignals(
    () =>
      new Miniflare({
        host: "127.0.0.1",
        port,
        cf: false,
        logRequests: false, // Each line would cost a request to the Node process.
        log: new FileLog(output),
        handleRuntimeStdio(stdout: Readable, stderr: Readable) {
          stdout.pipe(output, { end: false });
          stderr.pipe(output, { end: false });
        },
        durableObjectsPersist: join(paths.state, "v3/do"),
        kvPersist: join(paths.state, "v3/kv"),
        r2Persist: join(paths.state, "v3/r2"),
        cachePersist: join(paths.state, "v3/cache"),
        workers: [bundleOptions(config, variables, paths)],
      }),
  );
  await miniflare.ready;
  const started = childrenOf(process.pid).filter((pid) => !before.has(pid) && isWorkerd(pid));
  return {
    pid: started.at(-1),
    async fireCron(cron, at) {
      const worker = await miniflare.getWorker();
      const { outcome } = await worker.scheduled({ cron, scheduledTime: at });
      if (outcome !== "ok") throw new Error(`the handler ended with "${outcome}"`);
    },
    async stop() {
      await miniflare.dispose();
      output.end();
    },
  };
}

function bundleOptions(config: WorkerConfig, variables: Record<string, string>, paths: TownPaths): WorkerOptions {
  const { worker } = config;
  const assets = "assets" in worker && worker.assets ? { assets: { ...worker.assets, workerName: config.name } } : {};
  return {
    ...worker,
    ...assets,
    name: config.name,
    rootPath: paths.bundle,
    modulesRoot: paths.bundle,
    modules: bundleModules(paths.bundle),
    compatibilityDate: supportedDate(worker.compatibilityDate),
    bindings: { ...worker.bindings, ...variables },
  };
}

const MODULE_TYPES: Record<string, "ESModule" | "CompiledWasm" | "Data" | "Text"> = {
  ".js": "ESModule",
  ".mjs": "ESModule",
  ".wasm": "CompiledWasm",
  ".bin": "Data",
  ".txt": "Text",
  ".html": "Text",
  ".sql": "Text",
};

/**
 * The modules that wrangler wrote, the entry first. Miniflare could find them itself from the imports, but stops at
 * an `import()` whose target is computed, even in code that never runs.
 */
function bundleModules(dir: string): { type: "ESModule" | "CompiledWasm" | "Data" | "Text"; path: string }[] {
  const others = readdirSync(dir, { recursive: true, encoding: "utf8" }).filter((name) => name !== "index.js");
  return ["index.js", ...others].flatMap((name) => {
    const type = MODULE_TYPES[extname(name)];
    return type === undefined ? [] : [{ type, path: join(dir, name) }];
  });
}

/** Miniflare 4 brings an older workerd than wrangler: a date that it does not know yet becomes its newest one. */
function supportedDate(wanted: string | undefined): string {
  const { version } = JSON.parse(
    readFileSync(new URL("../../node_modules/workerd/package.json", import.meta.url), "utf8"),
  ) as { version: string };
  const newest = version.replace(/^\d+\.(\d{4})(\d{2})(\d{2})\..*$/, "$1-$2-$3");
  return wanted === undefined || wanted > newest ? newest : wanted;
}

/** Miniflare's own handlers would end this process at the first signal; the launcher closes the town in order. */
function keepingSignals<T>(make: () => T): T {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const ours = signals.flatMap((signal) => process.listeners(signal));
  const made = make();
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) if (!ours.includes(listener)) process.off(signal, listener);
  }
  return made;
}

function isWorkerd(pid: number): boolean {
  return commandOf(pid)?.includes("workerd") ?? false;
}

class FileLog extends Log {
  readonly #output: NodeJS.WritableStream;

  constructor(output: NodeJS.WritableStream) {
    super(LogLevel.INFO);
    this.#output = output;
  }

  override log(message: string): void {
    this.#output.write(`${message}\n`);
  }
}
