export { listPlans, type PlanView } from "./list-plans.ts";
export { planOf } from "./plan-of.ts";
export { PLANS, type Plan } from "./plans.ts";
