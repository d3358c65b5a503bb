/** What the conditions and ranges of RFC 9110 look at. */
export interface Representation {
  readonly etag: string;
  readonly lastModified: Date;
  readonly size: number;
}

/** Request headers by lower-case name. */
export type HeaderLookup = (name: string) => string | undefined;

/** How to answer a GET or HEAD: whole, a byte range (both ends inclusive), unchanged, or refused. */
export type ReadPlan =
  | { readonly status: 200 }
  | { readonly status: 206; readonly start: number; readonly end: number }
  | { readonly status: 304 }
  | { readonly status: 412; readonly condition: string }
  | { readonly status: 416; readonly range: string };

/**
 * Decides a conditional or ranged read (RFC 9110 §13.2.2 and §14; S3's GetObject gives the same precedence). A range that is malformed, has
 * several parts, or whose If-Range does not hold is ignored, as S3 does.
 */
export function planRead(header: HeaderLookup, current: Representation): ReadPlan {
  const failed = failedPrecondition(header, current);
  if (failed !== undefined) return { status: 412, condition: failed };
  if (isUnchanged(header, current)) return { status: 304 };
  const range = header("range");
  if (range === undefined || !rangeApplies(header("if-range"), current)) return { status: 200 };
  return planRange(range, current.size);
}

/** The name of the precondition (If-Match, If-Unmodified-Since) that does not hold, if any. */
export function failedPrecondition(header: HeaderLookup, current: Representation): string | undefined {
  const match = header("if-match");
  if (match !== undefined) return listsEtag(match, current.etag) ? undefined : "If-Match";
  const since = headerDate(header("if-unmodified-since"));
  return since !== undefined && wholeSeconds(current.lastModified) > since ? "If-Unmodified-Since" : undefined;
}

/** Whether If-None-Match or (only without it) If-Modified-Since says that the client has this already. */
export function isUnchanged(header: HeaderLookup, current: Representation): boolean {
  const noneMatch = header("if-none-match");
  if (noneMatch !== undefined) return listsEtag(noneMatch, current.etag);
  const since = headerDate(header("if-modified-since"));
  return since !== undefined && wholeSeconds(current.lastModified) <= since;
}

/** Resolves one byte range against a size. */
export function planRange(range: string, size: number): ReadPlan {
  const match = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)$/i.exec(range.trim());
  if (match === null || (match[1] === "" && match[2] === "")) return { status: 200 };
  const [first, last] = [match[1] ?? "", match[2] ?? ""];
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? { status: 416, range } : { status: 206, start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return { status: 200 };
  if (start >= size) return { status: 416, range };
  return { status: 206, start, end: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}

/** Whether an If-Match or If-None-Match list names this ETag (given without quotes). */
export function listsEtag(list: string, etag: string): boolean {
  return list.split(",").some((item) => {
    const text = item
      .trim()
      .replace(/^W\//, "")
      .replace(/^"(.*)"$/, "$1");
    return text === "*" || text === etag;
  });
}

function rangeApplies(ifRange: string | undefined, current: Representation): boolean {
  if (ifRange === undefined) return true;
  const date = headerDate(ifRange);
  return date === undefined ? listsEtag(ifRange, current.etag) : wholeSeconds(current.lastModified) === date;
}

function headerDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Za-z]{3,9}, /.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}
