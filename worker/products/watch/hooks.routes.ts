import { Hono } from "hono";
import { access } from "../../http/access.ts";
import type { HirobaEnv } from "../../http/env.ts";
import { houseErrors } from "../../kernel/errors.ts";
import { receiveTranscoderEvent } from "./receive-transcoder-event.ts";

/** Name of the header that the EventBridge connection sends its key in. */
const KEY_HEADER = "x-hiroba-events-key";

/** Where providers report. The answer is quick: EventBridge waits five seconds, then sends again. */
export const hookRoutes = new Hono<HirobaEnv>().post("/hooks/aws/events", access("hook"), async (c) => {
  const key = c.req.header(KEY_HEADER) ?? "";
  const event = await c.req.json<unknown>().catch((cause: unknown) => {
    throw houseErrors.malformed({ cause });
  });
  await receiveTranscoderEvent(c.var.ctx, { key, event });
  return c.body(null, 202);
});
