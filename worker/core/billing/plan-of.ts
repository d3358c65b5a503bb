import type { Ctx } from "../../context.ts";
import type { Plan } from "./plans.ts";
import * as store from "./plan-grants.store.ts";

/** The plan of whoever asks, now. Nobody in particular is on the free plan, and asking for them costs no query. */
export async function planOf(ctx: Ctx): Promise<Plan> {
  const { actor } = ctx;
  if (actor.kind !== "user") return "free";
  const granted = await ctx.read((db) => store.listGranted(db, actor.userId, ctx.now()));
  return granted.includes("premium") ? "premium" : "free";
}
