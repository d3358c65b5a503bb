import type { MiddlewareHandler } from "hono";
import { houseErrors } from "../kernel/errors.ts";
import { networkOf } from "../kernel/network.ts";
import type { Limit } from "../ports/limiter.ts";
import { declaredLevel } from "./access.ts";
import type { HirobaEnv } from "./env.ts";

const QUARTER_HOUR_S = 15 * 60;

/**
 * How often a caller may ask, by group of routes; the first prefix that fits counts, anything else under `/api/` is `api`.
 * Reads that the edge cache answers are never counted, nor are pages. Sign-in has limits of its own inside its verb: failures count there.
 */
const GROUPS: readonly { prefix: RegExp; limit: Limit }[] = [
  { prefix: /^\/api\/v1\/auth\/(?:register|resend)/, limit: { name: "register", max: 20, windowS: QUARTER_HOUR_S } },
  { prefix: /^\/api\/v1\/(?:uploads|studio)\b/, limit: { name: "studio", max: 6_000, windowS: QUARTER_HOUR_S } },
  { prefix: /^\/(?:api\/v1\/playback|play)\b/, limit: { name: "playback", max: 3_000, windowS: QUARTER_HOUR_S } },
  { prefix: /^\/api\/v1\/(?:videos|channels)\b/, limit: { name: "catalogue", max: 1_000, windowS: QUARTER_HOUR_S } },
  { prefix: /^\/api\//, limit: { name: "api", max: 100, windowS: QUARTER_HOUR_S } },
];

/** Refuses with 429 and `Retry-After` who asks too often: counted per person when signed in, else per network address. */
export const rateLimit: MiddlewareHandler<HirobaEnv> = async (c, next) => {
  const group = GROUPS.find(({ prefix }) => prefix.test(c.req.path));
  if (group && declaredLevel(c) !== "hook") {
    const { ctx } = c.var;
    const decision = await ctx.limiter.take(await limitSubject(ctx), group.limit);
    if (!decision.ok) throw houseErrors.limited({ retryAfterS: decision.retryAfterS });
  }
  await next();
};

/** The name under which a caller is counted; an address is never stored in clear. */
export async function limitSubject(ctx: HirobaEnv["Variables"]["ctx"]): Promise<string> {
  return ctx.actor.kind === "user"
    ? ctx.actor.userId
    : `address:${await ctx.sealer.mac("limit", networkOf(ctx.address))}`;
}
