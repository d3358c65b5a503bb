import type { Ctx } from "../../context.ts";
import type { Page, PageQuery } from "../../kernel/page.ts";
import * as store from "./operations.store.ts";

/** Messages that no consumer could handle, newest first. */
export async function listDeadLetters(ctx: Ctx, input: PageQuery): Promise<Page<store.DeadLetter>> {
  ctx.authorize("console:operate");
  return ctx.read((db) => store.listDeadLetters(db, input));
}
