import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** One window of load on one address. */
export interface LoadOrder {
  url: string;
  /** Sets of request headers, used in turn: as many as there are callers. */
  headerSets: Record<string, string>[];
  connections: number;
  /** Load before anything is counted. */
  warmUpMs: number;
  windowMs: number;
}

/** What a window showed. Only answers with status 200 are requests; the rest are failures. */
export interface LoadResult {
  requests: number;
  elapsedMs: number;
  p50Ms: number;
  p95Ms: number;
  /** Of the warm-up too. */
  failures: number;
  firstFailure: string | undefined;
}

/** What the generator says: when the warm-up is over, and how the window went. */
export type LoadMessage = { type: "counting" } | { type: "done"; result: LoadResult };

/** The load generator, in a process of its own so that its work is not the server's. */
export interface LoadGenerator {
  pid: number;
  /** Runs one window; `onCounting` is called when the warm-up is over. */
  run(order: LoadOrder, onCounting: () => void): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** Starts the generator. It makes one window at a time. */
export async function startLoadGenerator(): Promise<LoadGenerator> {
  const child = fork(join(import.meta.dirname, "generator.ts"));
  await once(child, "spawn");
  return {
    pid: child.pid!,
    run: (order, onCounting) => runWindow(child, order, onCounting),
    async stop() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

function runWindow(child: ChildProcess, order: LoadOrder, onCounting: () => void): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`The load generator ended with code ${code}.`));
    const onMessage = (message: LoadMessage) => {
      if (message.type === "counting") return onCounting();
      child.off("message", onMessage);
      child.off("exit", onExit);
      resolve(message.result);
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
    child.send(order);
  });
}
