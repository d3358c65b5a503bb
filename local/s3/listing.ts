import { compareUtf8 } from "./disk-files.ts";

/** What to list: keys after `after` (UTF-8 order), grouped at the first delimiter behind the prefix, at most `entriesMax` keys and groups. */
export interface ListingRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly entriesMax: number;
  readonly after: string;
}

/** One page: items, common prefixes, and the last entry when more follow. */
export interface ListingPage<T> {
  readonly items: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly next: string | undefined;
}

/**
 * One page of a listing over items sorted by key. `next` is a key or a common prefix: given as `after`, everything under that common prefix is
 * passed over, as it was already counted.
 */
export function listPage<T extends { readonly key: string }>(
  items: readonly T[],
  wanted: ListingRequest,
): ListingPage<T> {
  const { prefix, delimiter, entriesMax, after } = wanted;
  const page: T[] = [];
  const groups: string[] = [];
  let last = "";
  for (const item of items) {
    if (!item.key.startsWith(prefix)) continue;
    const cut = delimiter === "" ? -1 : item.key.indexOf(delimiter, prefix.length);
    const group = cut < 0 ? undefined : item.key.slice(0, cut + delimiter.length);
    const entry = group ?? item.key;
    if ((after !== "" && compareUtf8(entry, after) <= 0) || (group !== undefined && groups.at(-1) === group)) continue;
    if (page.length + groups.length === entriesMax) {
      return { items: page, commonPrefixes: groups, next: entriesMax === 0 ? undefined : last };
    }
    if (group === undefined) page.push(item);
    else groups.push(group);
    last = entry;
  }
  return { items: page, commonPrefixes: groups, next: undefined };
}

/** An opaque continuation token for a page's `next`. */
export function continuationToken(next: string): string {
  return Buffer.from(`1:${next}`).toString("base64url");
}

/** What a continuation token stands for, or undefined when this is none of ours. */
export function readContinuationToken(token: string): string | undefined {
  const text: string = Buffer.from(token, "base64url").toString("utf8");
  return text.startsWith("1:") && continuationToken(text.slice(2)) === token ? text.slice(2) : undefined;
}
