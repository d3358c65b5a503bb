import * as z from "zod";

/** What callers of a RateLimiter send. The name of the object is the subject that is counted. */
export const limitSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_.-]{0,63}$/),
  max: z.number().int().min(1).max(1_000_000),
  windowS: z
    .number()
    .int()
    .min(1)
    .max(7 * 24 * 60 * 60),
});
export const limitCommand = z.object({ v: z.literal(1), limit: limitSchema });

export type LimitCommand = z.output<typeof limitCommand>;
export type TakeDecision = { ok: true; remaining: number } | { ok: false; retryAfterS: number };
