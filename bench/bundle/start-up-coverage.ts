import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** A function of a script and how often V8 has run it (Chrome DevTools Protocol, `Profiler.CoverageRange`). */
export interface CoveredFunction {
  startOffset: number;
  endOffset: number;
  count: number;
}

/** What workerd alone provides, as far as a module needs it to be evaluated. */
const WORKERD_MODULES = `
  export class DurableObject {}
  export class WorkerEntrypoint {}
  export class RpcTarget {}
  export const env = {};
  export default {};
`;

/**
 * Which functions of a bundle run while it is evaluated, before any request: V8's precise coverage. workerd keeps that
 * part of its inspector closed, so the bundle is evaluated by the same engine in a Node process of its own.
 */
export async function startUpCoverage(bundleDir: string): Promise<CoveredFunction[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, join(bundleDir, "index.js")], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as CoveredFunction[];
}

async function printCoverage(file: string): Promise<void> {
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier.startsWith("cloudflare:")) return { url: specifier, shortCircuit: true };
      if (specifier.endsWith(".wasm")) return { url: "cloudflare:wasm", shortCircuit: true };
      return next(specifier, context);
    },
    load: (url, context, next) =>
      url.startsWith("cloudflare:")
        ? { format: "module", source: WORKERD_MODULES, shortCircuit: true }
        : next(url, url === address ? { ...context, format: "module" } : context),
  });
  const address = pathToFileURL(file).href;
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await import(address);
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const functions = result.find(({ url }) => url === address)?.functions ?? [];
  writeFileSync(1, JSON.stringify(functions.flatMap(({ ranges }) => ranges)));
  process.exit(); // Whatever the bundle has started must not keep this process.
}

if (import.meta.main) await printCoverage(process.argv[2] ?? "");
