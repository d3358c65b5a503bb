import { isDeepStrictEqual } from "node:util";
import type { Contestant } from "./contest.ts";
import type { Peer } from "./peers/start-peers.ts";
import type { BenchTown } from "./town/open-town.ts";
import type { Caller } from "./town/furnish.ts";

export const VIDEOS = "/api/v1/videos";

/** Who is measured. The two peers come first: the ratios are against them. */
export interface Field {
  bareHono: Contestant;
  fastifyPg: Contestant;
  hiroba: Contestant[];
}

/**
 * The contestants. Signed-in requests go round all callers, so that none meets the limit on API calls per person;
 * kept answers are never counted against an address.
 */
export function contestants(town: BenchTown, bareHono: Peer, fastifyPg: Peer, callers: Caller[]): Field {
  const browsers = callers.map(({ cookieToken }) => ({ cookie: `__Host-hiroba=${cookieToken}` }));
  const clients = callers.map(({ bearerToken }) => ({ authorization: `Bearer ${bearerToken}` }));
  const hiroba = (name: string, path: string, headerSets: Record<string, string>[]): Contestant => ({
    name: `Hiroba ${name}`,
    url: town.url + path,
    headerSets,
    serverPid: town.workerdPid,
  });
  return {
    bareHono: { name: "bare Hono hello", url: `${bareHono.url}/`, headerSets: [{}], serverPid: bareHono.pid },
    fastifyPg: { name: "Fastify + pg videos", url: fastifyPg.url + VIDEOS, headerSets: [{}], serverPid: fastifyPg.pid },
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
