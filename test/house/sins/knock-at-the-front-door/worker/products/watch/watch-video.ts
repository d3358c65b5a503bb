export { planOf } from "../../core/billing/plan-of.ts";
