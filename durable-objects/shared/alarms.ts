import { addMs, type Clock, instantOf, MINUTE_MS, SECOND_MS, systemClock } from "#worker/kernel/time.ts";

/** A migration of every object that has alarms. */
export const ALARMS_TABLE = `create table alarms (
  name text primary key,
  at integer not null,
  attempts integer not null default 0,
  revision integer not null default 0
) without rowid`;

const RETRY_DELAY_MS_MIN = 2 * SECOND_MS;
const RETRY_DELAY_MS_MAX = 10 * MINUTE_MS;

type AlarmStorage = Pick<DurableObjectStorage, "sql" | "setAlarm" | "deleteAlarm">;
type AlarmRow = { name: string; at: number; attempts: number; revision: number };

/** What happens when an alarm of this name is due. It may set alarms, its own included. */
export type AlarmHandlers = Readonly<Record<string, (now: Date) => void | Promise<void>>>;

export interface Alarms<Name extends string> {
  /** `always` moves an alarm that is already set; `if-sooner` moves it only forward in the queue. */
  set(name: Name, at: Date, policy: { overwrite: "always" | "if-sooner" }): Promise<void>;
  cancel(name: Name): Promise<void>;
  /** Runs what is due. To be called from the object's `alarm()`. Never throws because of a handler. */
  run(): Promise<void>;
}

/**
 * Many named alarms on the one alarm that a Durable Object has. They are rows of its database ({@link ALARMS_TABLE}), so they outlive the
 * isolate. A handler runs at least once: its row goes only after it has ended. One that throws is tried again after a growing delay for as
 * long as it takes (the platform itself gives up after six tries), and does not hold up the others.
 */
export function makeAlarms<H extends AlarmHandlers>(
  storage: AlarmStorage,
  handlers: H,
  options: { clock?: Clock; failed?: (name: string, error: unknown) => void } = {},
): Alarms<keyof H & string> {
  const { sql } = storage;
  const clock = options.clock ?? systemClock;

  const rearm = async () => {
    const { next } = sql.exec<{ next: number | null }>("select min(at) as next from alarms").one();
    await (next === null ? storage.deleteAlarm() : storage.setAlarm(next));
  };

  const runOne = async ({ name, attempts, revision }: AlarmRow) => {
    try {
      await handlers[name]?.(clock());
      // A revision of its own means that the handler set the alarm anew: that one stays
      sql.exec("delete from alarms where name = ? and revision = ?", name, revision);
    } catch (error) {
      options.failed?.(name, error);
      const delayMs = Math.min(RETRY_DELAY_MS_MAX, RETRY_DELAY_MS_MIN * 2 ** Math.min(attempts, 20));
      sql.exec(
        "update alarms set at = ?, attempts = attempts + 1 where name = ? and revision = ?",
        addMs(clock(), delayMs).getTime(),
        name,
        revision,
      );
    }
  };

  return {
    set: async (name, at, { overwrite }) => {
      const [row] = sql.exec<{ at: number }>("select at from alarms where name = ?", name).toArray();
      if (row && overwrite === "if-sooner" && row.at <= at.getTime()) return;
      sql.exec(
        `insert into alarms (name, at) values (?, ?)
         on conflict (name) do update set at = excluded.at, attempts = 0, revision = revision + 1`,
        name,
        at.getTime(),
      );
      await rearm();
    },
    cancel: async (name) => {
      sql.exec("delete from alarms where name = ?", name);
      await rearm();
    },
    run: async () => {
      try {
        const due = sql.exec<AlarmRow>("select * from alarms where at <= ? order by at, name", clock().getTime());
        for (const row of due.toArray()) await runOne(row);
      } finally {
        await rearm();
      }
    },
  };
}

/** The instant at which a named alarm is set to go off; null when it is not set. */
export function alarmAt(storage: Pick<AlarmStorage, "sql">, name: string): Date | null {
  const [row] = storage.sql.exec<{ at: number }>("select at from alarms where name = ?", name).toArray();
  return row ? instantOf(row.at) : null;
}
