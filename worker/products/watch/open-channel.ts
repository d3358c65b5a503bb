import type { Ctx } from "../../context.ts";
import * as store from "./channels.store.ts";
import { watchErrors } from "./errors.ts";
import type { OpenChannel } from "./schemas.ts";
import type { ChannelView } from "./views.ts";

/** Opens the actor's channel, one per person. Refuses with `watch.handle_taken`, or `watch.channel_exists` when there already is one. */
export async function openChannel(ctx: Ctx, { handle, name, about }: OpenChannel): Promise<ChannelView> {
  const { userId } = ctx.authorize("watch:open_channel");
  const channel = { id: ctx.newId("channel"), handle, name, about };
  await ctx.write(
    (w) => [
      store.insertChannel(w.db, { ...channel, ownerId: userId, createdAt: ctx.now() }),
      w.record("watch.channel.open", { target: channel.id, changes: { handle } }),
    ],
    { channels_handle: watchErrors.handleTaken, channels_owner: watchErrors.channelExists },
  );
  return channel;
}
