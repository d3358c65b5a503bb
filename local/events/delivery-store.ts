import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EventEnvelope } from "./event-envelope.ts";

/** One event on its way to one destination. Times are epoch milliseconds. */
export interface Delivery {
  id: string;
  destination: string;
  event: EventEnvelope;
  state: "pending" | "delivered" | "failed";
  attempts: number;
  createdAtMs: number;
  nextAttemptAtMs: number;
  lastStatus: number | undefined;
  lastError: string | undefined;
}

const KEPT_FINISHED = 200;

/**
 * Deliveries on disk, one file each and replaced atomically, so that a killed process loses none. Finished ones are kept for looking at, the
 * newest 200 of them.
 */
export class DeliveryStore {
  readonly #folder: string;
  readonly #deliveries = new Map<string, Delivery>();
  #writes: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what an earlier process left. */
  async load(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (const name of (await readdir(this.#folder)).toSorted()) {
      const file = join(this.#folder, name);
      if (!name.endsWith(".json")) {
        await rm(file, { force: true });
        continue;
      }
      const delivery = JSON.parse(await readFile(file, "utf8")) as Delivery;
      this.#deliveries.set(delivery.id, delivery);
    }
  }

  /** Whether this event is already on its way, or has been brought, to this destination. */
  has(id: string): boolean {
    return this.#deliveries.has(id);
  }

  /** All deliveries, oldest first. */
  list(): Delivery[] {
    return [...this.#deliveries.values()].toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
  }

  /** Stores a delivery as it is now. */
  save(delivery: Delivery): Promise<void> {
    this.#deliveries.set(delivery.id, delivery);
    const text = JSON.stringify(delivery, null, 1);
    return this.#afterOthers(async () => {
      const file = this.#file(delivery.id);
      await writeFile(`${file}.new`, text);
      await rename(`${file}.new`, file);
    });
  }

  /** Forgets the oldest finished deliveries beyond those kept for looking at. */
  async forgetOld(): Promise<void> {
    const finished = this.list().filter((delivery) => delivery.state !== "pending");
    for (const delivery of finished.slice(0, Math.max(0, finished.length - KEPT_FINISHED))) {
      this.#deliveries.delete(delivery.id);
      await this.#afterOthers(() => rm(this.#file(delivery.id), { force: true }));
    }
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }

  #afterOthers(work: () => Promise<void>): Promise<void> {
    const write = this.#writes.then(work);
    this.#writes = write.catch(() => undefined);
    return write;
  }
}
