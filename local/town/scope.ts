/** Something that runs until it is stopped. */
export interface Stoppable {
  stop(): Promise<void> | void;
}

/** Things that were started and must be stopped, newest first. */
export class Scope {
  readonly #open: Stoppable[] = [];
  readonly #starting = new Set<Promise<unknown>>();
  #closed = false;

  /** Takes over the duty to stop `thing`. */
  own<T extends Stoppable>(thing: T): T {
    this.#open.push(thing);
    return thing;
  }

  /** The same for a thing that is still starting. If the scope closes meanwhile, it is stopped as soon as it has started. */
  async start<T extends Stoppable>(starting: Promise<T>): Promise<T> {
    const owned = starting.then(async (thing) => {
      if (this.#closed) await thing.stop();
      else this.own(thing);
      return thing;
    });
    this.#starting.add(owned);
    try {
      return await owned;
    } finally {
      this.#starting.delete(owned);
    }
  }

  /** Stops everything, also what is still starting; one failure does not keep the others running. Returns the failures. */
  async close(): Promise<unknown[]> {
    this.#closed = true;
    const failures: unknown[] = [];
    for (let thing = this.#open.pop(); thing !== undefined; thing = this.#open.pop()) {
      try {
        await thing.stop();
      } catch (error) {
        failures.push(error);
      }
    }
    await Promise.allSettled(this.#starting);
    return failures;
  }
}
