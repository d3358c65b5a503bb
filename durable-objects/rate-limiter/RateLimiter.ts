import { DurableObject } from "cloudflare:workers";
import { instantOf, systemClock } from "#worker/kernel/time.ts";
import { type Alarms, makeAlarms } from "../shared/alarms.ts";
import { migrate } from "../shared/migrate.ts";
import { giveBack, take } from "./limiter.ts";
import { limitCommand, type LimitCommand, type TakeDecision } from "./protocol.ts";
import { makeWindows, migrations, type Windows } from "./storage.ts";

/**
 * Counts what one subject does: one object per subject, whose name is the subject (an id or a keyed hash, never an address). Decisions are
 * made and stored without yielding, so a burst of parallel calls is counted exactly. A call has no id of its own: asking again is a second
 * use, and a caller that never got its answer is counted on the safe side.
 */
export class RateLimiter extends DurableObject<unknown> {
  readonly #windows: Windows;
  readonly #alarms: Alarms<"sweep">;

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env);
    this.#windows = makeWindows(state.storage.sql);
    this.#alarms = makeAlarms(state.storage, { sweep: (now) => this.#sweep(now) }, { failed: logFailedAlarm });
    void state.blockConcurrencyWhile(async () => migrate(state.storage, migrations));
  }

  async take(command: LimitCommand): Promise<TakeDecision> {
    const { limit } = limitCommand.parse(command);
    const { window, decision } = take(this.#windows.find(limit.name), limit, systemClock().getTime());
    if (decision.ok) {
      this.#windows.put(limit.name, window);
      await this.#alarms.set("sweep", instantOf(window.endsAt), { overwrite: "if-sooner" });
    }
    return decision;
  }

  async giveBack(command: LimitCommand): Promise<void> {
    const { limit } = limitCommand.parse(command);
    const window = giveBack(this.#windows.find(limit.name), systemClock().getTime());
    if (window) this.#windows.put(limit.name, window);
    else this.#windows.delete(limit.name);
  }

  override async alarm(): Promise<void> {
    await this.#alarms.run();
  }

  async #sweep(now: Date): Promise<void> {
    this.#windows.deleteEnded(now.getTime());
    const end = this.#windows.firstEnd();
    if (end !== null) await this.#alarms.set("sweep", instantOf(end), { overwrite: "always" });
  }
}

/** Objects stand alone, so this line of the log is their own; it names the alarm and nothing of the subject. */
function logFailedAlarm(name: string, error: unknown): void {
  // oxlint-disable-next-line no-console
  console.error(JSON.stringify({ level: "error", event: "alarm.failed", name, error: String(error) }));
}
