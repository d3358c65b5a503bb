import { ALARMS_TABLE } from "../shared/alarms.ts";
import type { Window } from "./limiter.ts";

/** Append-only. */
export const migrations: readonly string[] = [
  ALARMS_TABLE,
  `create table windows (
    name text primary key,
    started_at integer not null,
    ends_at integer not null,
    count integer not null
  ) without rowid`,
];

/** The open windows of one subject, by the name of their limit. */
export interface Windows {
  find(name: string): Window | null;
  put(name: string, window: Window): void;
  delete(name: string): void;
  deleteEnded(now: number): void;
  /** When the first of them ends, in milliseconds since 1970; null when there is none. */
  firstEnd(): number | null;
}

export function makeWindows(sql: SqlStorage): Windows {
  return {
    find: (name) =>
      sql
        .exec<Window>(`select started_at as "startedAt", ends_at as "endsAt", count from windows where name = ?`, name)
        .toArray()[0] ?? null,
    put: (name, { startedAt, endsAt, count }) => {
      sql.exec(
        `insert into windows (name, started_at, ends_at, count) values (?, ?, ?, ?)
         on conflict (name) do update set started_at = excluded.started_at, ends_at = excluded.ends_at, count = excluded.count`,
        name,
        startedAt,
        endsAt,
        count,
      );
    },
    delete: (name) => void sql.exec("delete from windows where name = ?", name),
    deleteEnded: (now) => void sql.exec("delete from windows where ends_at <= ?", now),
    firstEnd: () => sql.exec<{ end: number | null }>(`select min(ends_at) as "end" from windows`).one().end,
  };
}
