import { join } from "node:path";
import { type Delivery, DeliveryStore } from "./delivery-store.ts";
import type { EventEnvelope, EventSink, ServiceEvent } from "./event-envelope.ts";

/** Where events go: an API destination with an API-key connection, and the rule that picks events for it. */
export interface EventDestination {
  /** Letters, digits and hyphens; part of the file names on disk. */
  name: string;
  url: string;
  apiKeyHeader: string;
  apiKey: string;
  /** Only events from these sources; all when absent. */
  sources?: readonly string[];
}

/** How events are made to arrive badly, because the real bus promises neither order nor exactly one delivery. */
export interface EventChaos {
  /** Extra copies of every event. */
  duplicate: number;
  /** Deliver in random order: every attempt waits a random part of `shuffleWindowMs`. */
  shuffle: boolean;
}

/** How the local event bus is set up. */
export interface EventBridgeOptions {
  /** Parent folder; deliveries lie in `<dataDir>/events`. */
  dataDir: string;
  destinations: readonly EventDestination[];
  accountId?: string;
  region?: string;
  /** How long a destination may take to answer; 5 s on AWS. */
  timeoutMs?: number;
  /** Waits before the second, third, … attempt; the last one repeats. */
  retryDelaysMs?: readonly number[];
  /** AWS gives up after 185 attempts or 24 hours. */
  maxAttempts?: number;
  maxAgeMs?: number;
  chaos?: EventChaos;
  shuffleWindowMs?: number;
  random?: () => number;
  now?: () => Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_CONCURRENT = 8;
const DEFAULTS = {
  accountId: "000000000000",
  region: "ap-northeast-1",
  timeoutMs: 5_000,
  retryDelaysMs: [1_000, 2_000, 5_000, 10_000, 30_000, 60_000] as readonly number[],
  maxAttempts: 185,
  maxAgeMs: DAY_MS,
  chaos: { duplicate: 0, shuffle: false } as EventChaos,
  shuffleWindowMs: 300,
  random: Math.random,
  now: () => new Date(),
};

/** How one attempt went; `final` errors are not worth another. */
type Outcome = { status: number; retryAfterMs: number } | { error: string; final: boolean };

/** API destinations retry on these answers and drop the event on other refusals (EventBridge user guide, "API destinations"). */
const isWorthRetrying = (status: number): boolean =>
  status === 401 || status === 407 || status === 409 || status === 429 || status >= 500;

function judge(outcome: Outcome): "delivered" | "failed" | "retry" {
  if ("error" in outcome) return outcome.final ? "failed" : "retry";
  if (outcome.status >= 200 && outcome.status < 300) return "delivered";
  return isWorthRetrying(outcome.status) ? "retry" : "failed";
}

/**
 * The part of EventBridge this project uses: takes events from services and POSTs them to API destinations with an API-key header, at least
 * once and in no promised order. Every delivery is on disk before `publish` settles, so none is lost when the process dies.
 */
export class EventBridge implements EventSink {
  readonly #options: Required<EventBridgeOptions>;
  readonly #store: DeliveryStore;
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #idleWaiters: (() => void)[] = [];

  constructor(options: EventBridgeOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#store = new DeliveryStore(join(options.dataDir, "events"));
  }

  /** Loads undelivered events of earlier runs and starts delivering. Call once, before anything publishes. */
  async start(): Promise<void> {
    await this.#store.load();
    this.#schedule();
  }

  /** Breaks off running deliveries; they are tried again after the next `start`. */
  async stop(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#inFlight.values());
  }

  /** All deliveries still known, newest first. */
  deliveries(): Delivery[] {
    return this.#store.list().toReversed();
  }

  /** Settles when nothing waits for delivery. */
  async idle(): Promise<void> {
    while (this.#pending().length > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  async publish(event: ServiceEvent): Promise<void> {
    const { accountId, region, destinations, chaos, now } = this.#options;
    const { id, source, time, resources, detail } = event;
    const envelope: EventEnvelope = {
      version: "0",
      id,
      "detail-type": event.detailType,
      source,
      account: accountId,
      time,
      region,
      resources,
      detail,
    };
    const nowMs = now().getTime();
    for (const destination of destinations.filter((candidate) => candidate.sources?.includes(source) ?? true)) {
      for (let copy = 0; copy <= chaos.duplicate; copy += 1) {
        const deliveryId = `${id}-${destination.name}-${copy}`;
        if (this.#store.has(deliveryId)) continue;
        await this.#store.save({
          id: deliveryId,
          destination: destination.name,
          event: envelope,
          state: "pending",
          attempts: 0,
          createdAtMs: nowMs,
          nextAttemptAtMs: nowMs + this.#scatterMs(),
          lastStatus: undefined,
          lastError: undefined,
        });
      }
    }
    this.#schedule();
  }

  #scatterMs(): number {
    return this.#options.chaos.shuffle ? Math.floor(this.#options.random() * this.#options.shuffleWindowMs) : 0;
  }

  #pending(): Delivery[] {
    return this.#store.list().filter((delivery) => delivery.state === "pending");
  }

  #schedule(): void {
    if (this.#abort.signal.aborted) return;
    clearTimeout(this.#timer);
    const waiting = this.#pending()
      .filter((delivery) => !this.#inFlight.has(delivery.id))
      .toSorted((a, b) => a.nextAttemptAtMs - b.nextAttemptAtMs);
    const nowMs = this.#options.now().getTime();
    for (const delivery of waiting) {
      if (this.#inFlight.size >= MAX_CONCURRENT) return;
      if (delivery.nextAttemptAtMs > nowMs) {
        this.#timer = setTimeout(() => this.#schedule(), delivery.nextAttemptAtMs - nowMs);
        return;
      }
      this.#begin(delivery);
    }
  }

  #begin(delivery: Delivery): void {
    const attempt = this.#attempt(delivery).finally(() => {
      this.#inFlight.delete(delivery.id);
      this.#schedule();
      for (const waiter of this.#idleWaiters.splice(0)) waiter();
    });
    this.#inFlight.set(delivery.id, attempt);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const destination = this.#options.destinations.find((candidate) => candidate.name === delivery.destination);
    const outcome = destination
      ? await this.#post(destination, delivery)
      : { error: "The destination is no longer configured.", final: true };
    if (this.#abort.signal.aborted) return;
    delivery.attempts += 1;
    delivery.lastStatus = "status" in outcome ? outcome.status : undefined;
    delivery.lastError = "error" in outcome ? outcome.error : undefined;
    this.#decideNext(delivery, outcome);
    await this.#store.save(delivery);
    if (delivery.state !== "pending") await this.#store.forgetOld();
  }

  #decideNext(delivery: Delivery, outcome: Outcome): void {
    const { now, maxAttempts, maxAgeMs, retryDelaysMs } = this.#options;
    const nowMs = now().getTime();
    const isSpent = delivery.attempts >= maxAttempts || nowMs - delivery.createdAtMs >= maxAgeMs;
    const verdict = judge(outcome);
    if (verdict !== "retry" || isSpent) {
      delivery.state = verdict === "delivered" ? "delivered" : "failed";
      return;
    }
    const wait = retryDelaysMs[Math.min(delivery.attempts, retryDelaysMs.length) - 1] ?? 1_000;
    const asked = "retryAfterMs" in outcome ? outcome.retryAfterMs : 0;
    delivery.nextAttemptAtMs = nowMs + Math.max(wait, asked) + this.#scatterMs();
  }

  async #post(destination: EventDestination, delivery: Delivery): Promise<Outcome> {
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(this.#options.timeoutMs)]);
    try {
      const response = await fetch(destination.url, {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          "user-agent": "Amazon/EventBridge/ApiDestinations",
          [destination.apiKeyHeader]: destination.apiKey,
        },
        body: JSON.stringify(delivery.event),
        redirect: "manual",
        signal,
      });
      await response.body?.cancel();
      const retryAfter = Number(response.headers.get("retry-after"));
      return { status: response.status, retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : 0 };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
      return { error: error instanceof Error ? `${error.message}${cause}` : String(error), final: false };
    }
  }
}
