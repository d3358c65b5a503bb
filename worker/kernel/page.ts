import * as z from "zod";
import { base64url } from "./ids.ts";

/** One page of a list. `nextCursor` is null on the last page. */
export type Page<T> = { items: T[]; nextCursor: string | null };

/** What a list takes: at most 100 rows, 24 unless told. The cursor is opaque to callers. */
export const pageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(24),
});
export type PageQuery = z.output<typeof pageQuery>;

/** The position after which a page starts: the sort key and the id of the last row seen. */
export type Cursor = readonly [sort: string | number, id: string];

export function encodeCursor(cursor: Cursor): string {
  return base64url(new TextEncoder().encode(JSON.stringify(cursor)));
}

/** Reads a cursor; undefined when it is not one of ours, so that a list starts at its beginning rather than fails. */
export function decodeCursor(text: string | undefined): Cursor | undefined {
  if (!text) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const value: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (c) => c.charCodeAt(0))));
    const [sort, id] = Array.isArray(value) ? value : [];
    if ((typeof sort === "string" || typeof sort === "number") && typeof id === "string") return [sort, id];
  } catch {
    return undefined;
  }
  return undefined;
}

/** Makes a page out of `limit + 1` rows fetched. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => Cursor): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null };
}
