import { and, eq, gt, isNull, lte, or } from "drizzle-orm";
import type { Db } from "#db/client.ts";
import { planGrants } from "#db/schema/billing.ts";
import type { Id } from "../../kernel/ids.ts";

/** The plans granted to a person at an instant; windows are half-open. */
export async function listGranted(db: Db, userId: Id<"user">, at: Date): Promise<"premium"[]> {
  const rows = await db
    .select({ plan: planGrants.plan })
    .from(planGrants)
    .where(
      and(
        eq(planGrants.userId, userId),
        lte(planGrants.startsAt, at),
        or(isNull(planGrants.endsAt), gt(planGrants.endsAt, at)),
      ),
    );
  return rows.map((row) => row.plan);
}
