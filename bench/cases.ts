import { isDeepStrictEqual } from "node:util";
import type { Contestant } from "./contest.ts";
import type { Peer } from "./peers/start-peers.ts";
import type { BenchTown } from "./town/open-town.ts";
import type { Caller } from "./town/furnish.ts";

export const VIDEOS = "/api/v1/videos";

/** The other servers. */
export interface Peers {
  bareHono: Peer;
  /** The same behind the asset router that also stands before the town's Worker. */
  routedHono: Peer;
  fastifyPg: Peer;
}

/** Who is measured. The ratios are against the peers. */
export interface Field {
  bareHono: Contestant;
  routedHono: Contestant;
  fastifyPg: Contestant;
  hiroba: Contestant[];
}

/**
 * The contestants. Signed-in requests go round all callers, so that none meets the limit on API calls per person;
 * kept answers are never counted against an address.
 */
export function contestants(town: BenchTown, peers: Peers, callers: Caller[]): Field {
  const browsers = callers.map(({ cookieToken }) => ({ cookie: `__Host-hiroba=${cookieToken}` }));
  const clients = callers.map(({ bearerToken }) => ({ authorization: `Bearer ${bearerToken}` }));
  const hiroba = (name: string, path: string, headerSets: Record<string, string>[]): Contestant => ({
    name: `Hiroba ${name}`,
    url: town.url + path,
    headerSets,
    serverPid: town.workerdPid,
  });
  const peer = (name: string, { url, pid }: Peer, path: string): Contestant => ({
    name,
    url: url + path,
    headerSets: [{}],
    serverPid: pid,
  });
  return {
    bareHono: peer("bare Hono", peers.bareHono, "/"),
    routedHono: peer("bare Hono behind assets", peers.routedHono, "/"),
    fastifyPg: peer("Fastify + pg videos", peers.fastifyPg, VIDEOS),
    hiroba: [
      hiroba("page, anonymous (kept)", "/", [{}]),
      hiroba("page, signed in", "/", browsers),
      hiroba("videos, anonymous (kept)", VIDEOS, [{}]),
      hiroba("videos, signed in", VIDEOS, clients),
    ],
  };
}

/**
 * Makes sure that the peer does the same work.
 * @throws Error when its JSON differs from the town's
 */
export async function assertSameAnswer(townUrl: string, peerUrl: string): Promise<void> {
  const [ours, theirs] = await Promise.all(
    [townUrl, peerUrl].map(async (url) => (await fetch(`${url}${VIDEOS}?fresh=${performance.now()}`)).json()),
  );
  if (!isDeepStrictEqual(ours, theirs)) {
    throw new Error(`The Fastify peer answers differently:\n${JSON.stringify(ours)}\n${JSON.stringify(theirs)}`);
  }
}
