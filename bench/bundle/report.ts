import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { OFFLINE_WRANGLER, WRANGLER_CLI } from "#local/town/builds.ts";
import { ROOT, type TownPaths } from "#local/town/options.ts";
import { vendorsAtStartUp } from "./lazy-vendors.ts";

const GZIP_BYTES_MAX = 3 * 1024 * 1024;
const MODULES = new Set([".js", ".mjs", ".wasm"]);

/** Size of the production bundle, what starting it costs, and whether a vendor's SDK is evaluated then. */
export async function bundleReport({ bundle, data }: TownPaths): Promise<string> {
  const vendors = await vendorsAtStartUp(bundle);
  return [
    sizeLine(bundle),
    `Start-up CPU (wrangler check startup): ${await startUpCpu(join(data, "start-up.cpuprofile"))}`,
    ...vendors.map(
      ({ vendor, modules, evaluated }) =>
        `${vendor} SDK: ${modules} modules in the bundle, ${evaluated.length} evaluated at start-up` +
        (evaluated.length > 0 ? `: ${evaluated.slice(0, 5).join(", ")}` : ""),
    ),
  ].join("\n");
}

function sizeLine(bundle: string): string {
  const files = readdirSync(bundle).filter((name) => MODULES.has(extname(name)));
  const contents = files.map((name) => readFileSync(join(bundle, name)));
  const total = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0);
  const gzipBytes = total(contents.map((content) => gzipSync(content).length));
  const kib = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
  const verdict = gzipBytes <= GZIP_BYTES_MAX ? "within" : "ABOVE";
  return `Bundle: ${kib(total(contents.map(({ length }) => length)))}, gzip ${kib(gzipBytes)}: ${verdict} ${kib(GZIP_BYTES_MAX)}`;
}

/** Bundles once more in wrangler's own way and profiles the start in workerd; works offline. */
async function startUpCpu(outfile: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [WRANGLER_CLI, "check", "startup", "--outfile", outfile, "--args=--minify"],
    { cwd: ROOT, env: { ...process.env, ...OFFLINE_WRANGLER } },
  );
  return /Active: (.*)/.exec(stdout)?.[1] ?? `not told:\n${stdout}`;
}
