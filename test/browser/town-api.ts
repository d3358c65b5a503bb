import { expect, inject } from "vitest";

const town = inject("town");

type Listed = { id: string; visibility: "public" | "members"; channel: { handle: string } };

/** A published film of the demo town; waits for its conversion. */
export async function ofTown(visibility: Listed["visibility"]): Promise<{ address: string; channel: string }> {
  const find = async () => {
    const { items } = (await (await fetch(`${town.url}/api/v1/videos`)).json()) as { items: Listed[] };
    // The oldest, which came with the town
    return items.findLast((video) => video.visibility === visibility);
  };
  await expect.poll(find, { timeout: 90_000, interval: 500 }).toBeDefined();
  const { id, channel } = (await find())!;
  return { address: `/watch/v/${id}`, channel: `/c/${channel.handle}` };
}
