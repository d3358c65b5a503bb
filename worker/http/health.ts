import { Hono } from "hono";
import { pingDb } from "#db/client.ts";
import { access } from "./access.ts";
import type { HirobaEnv } from "./env.ts";

/** `/healthz`: the Worker answers. `/readyz`: so does its database. */
export const health = new Hono<HirobaEnv>()
  .get("/healthz", access("public"), (c) => c.json({ ok: true }, 200, { "cache-control": "no-store" }))
  .get("/readyz", access("public"), async (c) => {
    const ok = await c.var.ctx.read(pingDb).then(
      () => true,
      () => false,
    );
    return c.json({ ok }, ok ? 200 : 503, { "cache-control": "no-store" });
  });
