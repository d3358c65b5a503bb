import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inertStretches } from "./inert-code.ts";
import { decodeMappings } from "./source-mappings.ts";
import { type CoveredFunction, startUpCoverage } from "./start-up-coverage.ts";

/** A vendor's code in the bundle: how many of its modules there are, and which of them run while the Worker starts. */
export interface VendorAtStartUp {
  vendor: string;
  modules: number;
  evaluated: string[];
}

const VENDORS = { AWS: /node_modules\/@(?:aws-sdk|aws|smithy)\//, Stripe: /node_modules\/stripe\// };

/**
 * Looks for vendor SDKs that are evaluated at start-up: places of `index.js` which the source map traces back to the
 * vendor and which lie in a function that runs while the bundle is evaluated.
 */
export async function vendorsAtStartUp(bundleDir: string): Promise<VendorAtStartUp[]> {
  const map = JSON.parse(readFileSync(join(bundleDir, "index.js.map"), "utf8")) as {
    sources: string[];
    mappings: string;
  };
  const code = readFileSync(join(bundleDir, "index.js"), "utf8");
  const ran = offsetsThatRan(code, await startUpCoverage(bundleDir));
  const lineStarts = startsOfLines(code);
  const evaluated = new Set<number>();
  for (const { line, column, sourceIndex } of decodeMappings(map.mappings)) {
    if (ran((lineStarts[line] ?? 0) + column)) evaluated.add(sourceIndex);
  }
  return Object.entries(VENDORS).map(([vendor, pattern]) => ({
    vendor,
    modules: map.sources.filter((source) => pattern.test(source)).length,
    evaluated: map.sources.filter((source, index) => pattern.test(source) && evaluated.has(index)),
  }));
}

/** Whether something happens at an offset at start-up: the innermost function around it has run, or it is the module's own and not inert. */
function offsetsThatRan(code: string, functions: CoveredFunction[]): (offset: number) => boolean {
  const [, ...inside] = functions.toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const ran = new Uint8Array(code.length).fill(1);
  for (const { start, end } of inertStretches(code)) ran.fill(0, start, end);
  for (const { startOffset, endOffset, count } of inside) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return (offset) => ran[offset] === 1;
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}
