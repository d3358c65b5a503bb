import { Hono } from "hono";
import { access } from "../../http/access.ts";
import type { HirobaEnv } from "../../http/env.ts";
import { params, query } from "../../http/validate.ts";
import { pageQuery } from "../../kernel/page.ts";
import { listDeadLetters } from "./list-dead-letters.ts";
import { deadLetterRef, replayDeadLetter } from "./replay-dead-letter.ts";

export const routes = new Hono<HirobaEnv>()
  .get("/api/v1/admin/dead-letters", access("admin"), query(pageQuery), async (c) =>
    c.json(await listDeadLetters(c.var.ctx, c.req.valid("query"))),
  )
  .post("/api/v1/admin/dead-letters/:deadLetterId/replay", access("admin"), params(deadLetterRef), async (c) => {
    await replayDeadLetter(c.var.ctx, c.req.valid("param"));
    return c.body(null, 204);
  });
