import type { Ctx } from "../../context.ts";
import type { Money } from "../../kernel/money.ts";
import { type Plan, PLANS } from "./plans.ts";

export type PlanView = { plan: Plan; monthly: Money; membersVideos: boolean };

/** The plans that exist, cheapest first. */
export async function listPlans(_ctx: Ctx): Promise<PlanView[]> {
  return (Object.keys(PLANS) as Plan[]).map((plan) => ({ plan, ...PLANS[plan] }));
}
