import { readdir } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { EventBridge, type EventBridgeOptions } from "#local/events/event-bridge.ts";
import type { EventEnvelope, ServiceEvent } from "#local/events/event-envelope.ts";
import { temporaryFolder } from "./media-room.ts";

interface Received {
  event: EventEnvelope;
  headers: IncomingHttpHeaders;
}

/** A webhook whose answers a test decides; without an answer it never replies. */
class Webhook {
  readonly received: Received[] = [];
  answer: (count: number) => { status: number; headers?: Record<string, string> } | undefined = () => ({ status: 202 });
  #server: Server | undefined;
  #watchers: (() => void)[] = [];
  port = 0;

  async open(port = 0): Promise<void> {
    this.#server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        this.received.push({ event: JSON.parse(body) as EventEnvelope, headers: request.headers });
        const answer = this.answer(this.received.length);
        if (answer) response.writeHead(answer.status, answer.headers).end();
        for (const watcher of this.#watchers.splice(0)) watcher();
      });
    });
    await new Promise<void>((resolve) => this.#server!.listen(port, "127.0.0.1", resolve));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) =>
      this.#server ? this.#server.close(() => resolve()).closeAllConnections() : resolve(),
    );
  }

  async reached(count: number): Promise<void> {
    while (this.received.length < count) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }
}

const anEvent = (id: string): ServiceEvent => ({
  id: `00000000-0000-4000-8000-${id.padStart(12, "0")}`,
  time: "2026-04-01T00:00:00Z",
  source: "aws.mediaconvert",
  detailType: "MediaConvert Job State Change",
  resources: ["arn:aws:mediaconvert:ap-northeast-1:000000000000:jobs/1-a"],
  detail: { status: "COMPLETE", number: id },
});

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let webhook: Webhook;
const buses: EventBridge[] = [];

async function aBus(options: Partial<EventBridgeOptions> = {}): Promise<EventBridge> {
  const destinations = [
    { name: "worker", url: `http://127.0.0.1:${webhook.port}/hooks/aws`, apiKeyHeader: "x-api-key", apiKey: "s3cret" },
  ];
  const bus = new EventBridge({ dataDir: room.path, destinations, retryDelaysMs: [5], ...options });
  buses.push(bus);
  await bus.start();
  return bus;
}

beforeEach(async () => {
  room = await temporaryFolder();
  webhook = new Webhook();
  await webhook.open();
});
afterEach(async () => {
  for (const bus of buses.splice(0)) await bus.stop();
  await webhook.close();
  await room.remove();
});

it("posts the EventBridge envelope with the connection's API key", async () => {
  const bus = await aBus();
  await bus.publish(anEvent("1"));
  await bus.idle();
  expect(webhook.received).toHaveLength(1);
  expect(webhook.received[0]!.headers).toMatchObject({
    "x-api-key": "s3cret",
    "content-type": "application/json; charset=utf-8",
  });
  expect(webhook.received[0]!.event).toEqual({
    version: "0",
    id: anEvent("1").id,
    "detail-type": "MediaConvert Job State Change",
    source: "aws.mediaconvert",
    account: "000000000000",
    time: "2026-04-01T00:00:00Z",
    region: "ap-northeast-1",
    resources: anEvent("1").resources,
    detail: { status: "COMPLETE", number: "1" },
  });
  expect(bus.deliveries()).toMatchObject([{ state: "delivered", attempts: 1, lastStatus: 202 }]);
});

it("keeps trying while the destination is down and delivers when it is back", async () => {
  const { port } = webhook;
  await webhook.close();
  const bus = await aBus();
  await bus.publish(anEvent("1"));
  webhook = new Webhook();
  await webhook.open(port);
  await bus.idle();
  expect(webhook.received.map(({ event }) => event.id)).toEqual([anEvent("1").id]);
});

it("retries server errors and throttling, waits as long as asked, and gives up on a refusal", async () => {
  webhook.answer = (count) =>
    [{ status: 503 }, { status: 429, headers: { "retry-after": "0.05" } }, { status: 202 }, { status: 400 }][count - 1];
  const bus = await aBus();
  await bus.publish(anEvent("1"));
  await bus.idle();
  await bus.publish(anEvent("2"));
  await bus.idle();
  const [refused, accepted] = bus.deliveries();
  expect(accepted).toMatchObject({ state: "delivered", attempts: 3 });
  expect(refused).toMatchObject({ state: "failed", attempts: 1, lastStatus: 400 });
});

it("does not follow redirects, which would carry the key elsewhere", async () => {
  webhook.answer = () => ({ status: 307, headers: { location: `http://127.0.0.1:${webhook.port}/elsewhere` } });
  const bus = await aBus();
  await bus.publish(anEvent("1"));
  await bus.idle();
  expect(webhook.received).toHaveLength(1);
  expect(bus.deliveries()[0]).toMatchObject({ state: "failed", lastStatus: 307 });
});

it("counts an answer that does not come in time as a failed attempt, and gives up after the last one", async () => {
  webhook.answer = () => undefined;
  const bus = await aBus({ timeoutMs: 20, maxAttempts: 2 });
  await bus.publish(anEvent("1"));
  await bus.idle();
  expect(webhook.received).toHaveLength(2);
  expect(bus.deliveries()[0]).toMatchObject({ state: "failed", attempts: 2, lastStatus: undefined });
});

it("loses nothing when the process dies between acceptance and delivery", async () => {
  webhook.answer = () => undefined;
  const first = await aBus();
  await Promise.all(["1", "2", "3"].map((id) => first.publish(anEvent(id))));
  await webhook.reached(3);
  await first.stop();
  expect(await readdir(join(room.path, "events"))).toHaveLength(3);
  webhook.answer = () => ({ status: 202 });
  const second = await aBus();
  await second.idle();
  expect(new Set(webhook.received.slice(3).map(({ event }) => event.detail["number"]))).toEqual(
    new Set(["1", "2", "3"]),
  );
});

it("takes an event published again under its old id for the same event", async () => {
  const bus = await aBus();
  await bus.publish(anEvent("1"));
  await bus.idle();
  await bus.publish(anEvent("1"));
  await bus.idle();
  expect(webhook.received).toHaveLength(1);
});

it("in chaos mode delivers every event, each more than once and not in order", async () => {
  let seed = 7;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const bus = await aBus({ chaos: { duplicate: 2, shuffle: true }, shuffleWindowMs: 120, random });
  const ids = Array.from({ length: 12 }, (_, index) => String(index + 1));
  for (const id of ids) await bus.publish(anEvent(id));
  await bus.idle();
  const seen = webhook.received.map(({ event }) => event.detail["number"] as string);
  expect(seen).toHaveLength(36);
  expect(ids.every((id) => seen.filter((other) => other === id).length === 3)).toBe(true);
  const firstSeen = [...new Set(seen)];
  expect(firstSeen).not.toEqual(ids);
});
