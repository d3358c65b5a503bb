import type { Caller } from "./town/furnish.ts";

/** How many SQL round trips one page cost, as its `server-timing` header says. */
export interface PageQueries {
  page: string;
  caller: string;
  queries: number;
  /** Size of the answer before any compression. */
  bytes: number;
}

/**
 * Asks every page of a visitor once without the edge cache, then signed in.
 * @throws Error when a page fails or does not say what it cost
 */
export async function queriesPerPage(townUrl: string, videoId: string, caller: Caller): Promise<PageQueries[]> {
  const browser = { cookie: `__Host-hiroba=${caller.cookieToken}` };
  const client = { authorization: `Bearer ${caller.bearerToken}` };
  const pages = ["/", `/watch/v/${videoId}`, "/c/hiroba-lab"];
  const apis = ["/api/v1/videos", `/api/v1/videos/${videoId}`];
  const rows: PageQueries[] = [];
  for (const page of [...pages, "/login"]) rows.push(await ask(townUrl, page, "anonymous, not kept", {}));
  for (const page of apis) rows.push(await ask(townUrl, page, "anonymous, not kept", {}));
  for (const page of [...pages, "/account"]) rows.push(await ask(townUrl, page, "signed in (cookie)", browser));
  for (const page of apis) rows.push(await ask(townUrl, page, "signed in (bearer)", client));
  return rows;
}

async function ask(
  townUrl: string,
  page: string,
  caller: string,
  headers: Record<string, string>,
): Promise<PageQueries> {
  const url = new URL(page, townUrl);
  url.searchParams.set("fresh", String(performance.now())); // An address that the edge cache has never seen.
  const answer = await fetch(url, { headers });
  const body = await answer.arrayBuffer();
  const queries = /db;desc="(\d+) queries"/.exec(answer.headers.get("server-timing") ?? "")?.[1];
  if (answer.status !== 200 || queries === undefined) throw new Error(`${caller}, ${page}: ${answer.status}`);
  return { page: page.replace(/vid_\w+/, ":id"), caller, queries: Number(queries), bytes: body.byteLength };
}
