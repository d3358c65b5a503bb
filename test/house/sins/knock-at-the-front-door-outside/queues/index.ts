export { planOf } from "../worker/core/billing/plan-of.ts";
