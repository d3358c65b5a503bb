import type { Ctx } from "../../context.ts";
import * as store from "./channels.store.ts";
import type { ChannelView } from "./views.ts";

/** The actor's channel; null before it is opened, and for nobody in particular without a query. */
export async function myChannel(ctx: Ctx): Promise<ChannelView | null> {
  ctx.authorize("watch:browse");
  const { actor } = ctx;
  return actor.kind === "user" ? ctx.read((db) => store.findOwnChannel(db, actor.userId)) : null;
}
