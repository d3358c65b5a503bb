import { type Money, money } from "../../kernel/money.ts";

export type Plan = "free" | "premium";

/** What each plan costs per month, tax included, and what it opens. */
export const PLANS: Readonly<Record<Plan, { monthly: Money; membersVideos: boolean }>> = {
  free: { monthly: money(0, "JPY"), membersVideos: false },
  premium: { monthly: money(980, "JPY"), membersVideos: true },
};
