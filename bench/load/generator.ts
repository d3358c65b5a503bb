import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { LoadMessage, LoadOrder } from "./load.ts";
import { responseLength, statusOf } from "./response-length.ts";

/** What one window has counted. */
interface Tally {
  counting: boolean;
  stopped: boolean;
  latenciesMs: number[];
  failures: number;
  firstFailure: string | undefined;
}

/** A closed loop: every connection sends its next request when the answer to the one before has come whole. */
async function runWindow(order: LoadOrder): Promise<void> {
  const tally: Tally = { counting: false, stopped: false, latenciesMs: [], failures: 0, firstFailure: undefined };
  const requests = order.headerSets.map((headers) => requestBytes(order.url, headers));
  let turn = 0;
  const nextRequest = () => requests[turn++ % requests.length]!;
  const sockets = Array.from({ length: order.connections }, () => openConnection(order.url, nextRequest, tally));
  await sleep(order.warmUpMs);
  say({ type: "counting" });
  tally.counting = true;
  const startedAt = performance.now();
  await sleep(order.windowMs);
  tally.stopped = true;
  const elapsedMs = performance.now() - startedAt;
  for (const socket of sockets) socket.destroy();
  const sorted = tally.latenciesMs.sort((a, b) => a - b);
  const { failures, firstFailure } = tally;
  say({
    type: "done",
    result: {
      requests: sorted.length,
      elapsedMs,
      p50Ms: percentile(sorted, 0.5),
      p95Ms: percentile(sorted, 0.95),
      failures,
      firstFailure,
    },
  });
}

function requestBytes(address: string, headers: Record<string, string>): Buffer {
  const { pathname, search, host } = new URL(address);
  const lines = Object.entries({ host, accept: "*/*", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1");
}

function openConnection(address: string, nextRequest: () => Buffer, tally: Tally): Socket {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let received: Buffer = Buffer.alloc(0);
  let sentAt = 0;
  const send = () => {
    sentAt = performance.now();
    socket.write(nextRequest());
  };
  socket.on("connect", send);
  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = responseLength(received);
    if (end === 0) return;
    count(tally, performance.now() - sentAt, statusOf(received), received);
    received = received.subarray(end);
    if (!tally.stopped) send();
  });
  const lost = (why: string) => {
    if (tally.stopped) return;
    tally.failures++;
    tally.firstFailure ??= why;
  };
  socket.on("error", (error) => lost(error.message));
  socket.on("end", () => lost("The server closed the connection"));
  return socket;
}

function count(tally: Tally, latencyMs: number, status: number, response: Buffer): void {
  if (status !== 200) {
    tally.failures++;
    tally.firstFailure ??= new TextDecoder().decode(response.subarray(0, 600));
  } else if (tally.counting && !tally.stopped) tally.latenciesMs.push(latencyMs);
}

function percentile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function say(message: LoadMessage): void {
  process.send?.(message);
}

process.on("message", (order: LoadOrder) => void runWindow(order));
