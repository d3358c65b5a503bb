import { text, timestamp } from "drizzle-orm/pg-core";
import type { Id, IdKind } from "#worker/kernel/ids.ts";

/** A column that holds an id of one kind, as text. */
export const id = <K extends IdKind>(_kind: K) => text().$type<Id<K>>();

/** An instant: UTC, milliseconds. */
export const instant = () => timestamp({ withTimezone: true, precision: 3, mode: "date" });
