export { planOf } from "./plan-of.ts";
export { PLANS, type Plan } from "./plans.ts";
