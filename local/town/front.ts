import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OFFLINE_WRANGLER, WRANGLER_CLI } from "./builds.ts";
import type { Child, Nursery } from "./child.ts";
import { ROOT, type TownPaths, type TownPorts } from "./options.ts";

const REMIX_CLI = join(ROOT, "node_modules/@remix-run/dev/dist/cli.js");
const START_TIMEOUT_MS = 120_000;

/** Starts `wrangler dev`: the Worker with its objects and queues, rebuilt on every change. */
export async function startWrangler(nursery: Nursery, ports: TownPorts, paths: TownPaths): Promise<Child> {
  const wrangler = await nursery.start({
    name: "worker",
    script: WRANGLER_CLI,
    args: [
      "dev",
      "--ip=127.0.0.1",
      `--port=${ports.worker}`,
      "--inspector-ip=127.0.0.1",
      `--inspector-port=${ports.inspector}`,
      `--persist-to=${paths.state}`,
      `--env-file=${paths.workerEnv}`,
      "--define=__DEV_DOOR__:true",
      "--show-interactive-dev-session=false",
    ],
    env: {
      ...OFFLINE_WRANGLER,
      WRANGLER_REGISTRY_PATH: join(paths.state, "registry"),
    },
  });
  const log = join(paths.logs, "worker.log");
  await Promise.race([untilAnswers(ports.worker, "/healthz", () => buildFailure(log)), died(wrangler)]);
  return wrangler;
}

/** Starts Vite with Remix in front of the Worker, at the town's address. */
export async function startVite(nursery: Nursery, ports: TownPorts): Promise<Child> {
  const vite = await nursery.start({
    name: "vite",
    script: REMIX_CLI,
    args: ["vite:dev", "--host=127.0.0.1", `--port=${ports.town}`, "--strictPort"],
    env: {
      HIROBA_WORKER_URL: `http://127.0.0.1:${ports.worker}`,
      HIROBA_PORT: String(ports.town),
      NODE_ENV: "development",
    },
  });
  await Promise.race([untilAnswers(ports.town, "/@vite/client", () => undefined), died(vite)]);
  return vite;
}

/** Runs a cron by the door that `wrangler dev` has for it; `time` goes through unchanged, in milliseconds. */
export async function fireWranglerCron(ports: TownPorts, cron: string, at: Date): Promise<void> {
  const query = new URLSearchParams({ cron, time: String(at.getTime()) });
  const answer = await fetch(`http://127.0.0.1:${ports.worker}/cdn-cgi/handler/scheduled?${query}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`the handler answered ${answer.status} ${text.slice(0, 200)}`);
}

async function untilAnswers(port: number, path: string, failure: () => Error | undefined): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const answered = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(1_000) }).then(
      async (answer) => {
        await answer.body?.cancel();
        return true;
      },
      () => false,
    );
    if (answered) return;
    const found = failure();
    if (found !== undefined) throw found;
    await sleep(50);
  }
  throw new Error(`Nothing answered at port ${port} within ${START_TIMEOUT_MS / 1000} s.`);
}

async function died(child: Child): Promise<never> {
  await child.ended;
  throw new Error("A server of the town ended by itself.");
}

/** wrangler outlives a Worker that does not compile and waits for the repair; only its log tells. */
function buildFailure(logFile: string): Error | undefined {
  const text = readFileSync(logFile, "utf8");
  if (!text.includes("Build failed")) return undefined;
  return new Error(
    `The Worker does not compile:\n${text.trimEnd().split("\n").slice(-20).join("\n")}\nWhole log: ${logFile}`,
  );
}
