// Everything that proves the town, in the order in which it fails fastest. The closing line sums up all of vitest's runs.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const results = mkdtempSync(join(tmpdir(), "hiroba-results-"));
const count = { passed: 0, failed: 0 };

function run(name, command, args) {
  const started = performance.now();
  console.log(`\n— ${name}`);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  console.log(
    `— ${name}: ${status === 0 ? "ok" : `failed (${status})`}, ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  return status === 0;
}

function vitest(project) {
  const outputFile = join(results, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${outputFile}`];
  const ok = run(project, "vitest", ["run", "--project", project, ...reporters]);
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(outputFile, "utf8"));
    count.passed += numPassedTests;
    count.failed += numFailedTests + (ok || numFailedTests > 0 ? 0 : 1);
  } catch {
    count.failed += 1;
  }
  return ok;
}

let ok = true;
for (const [name, script] of [
  ["format", "check:format"],
  ["lint", "check:lint"],
  ["walls", "check:walls"],
  ["types", "check:types"],
  ["build", "build"],
]) {
  if (run(name, "npm", ["run", "--silent", script])) continue;
  ok = false;
  count.failed += 1;
}
for (const project of ["unit", "local", "workers", "browser"]) ok = vitest(project) && ok;
rmSync(results, { recursive: true, force: true });
console.log(`\n${count.passed} passed, ${count.failed} failed`);
process.exit(ok && count.failed === 0 ? 0 : 1);
