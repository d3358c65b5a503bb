import { parse, stringify } from "devalue";
import { Hono } from "hono";
import { api } from "../api.ts";
import type { Ctx } from "../context.ts";
import { access } from "./access.ts";
import type { HirobaEnv } from "./env.ts";
import { shownError } from "./problem.ts";

type Verb = (ctx: Ctx, input?: unknown) => unknown;

/**
 * The door through which the development front calls verbs: pages are then rendered outside the Worker, where they can be replaced while they
 * run, and a verb call costs a request. It exists only in bundles built with `__DEV_DOOR__`.
 */
export const devDoor = new Hono<HirobaEnv>()
  // Session and CSRF have been checked by the middleware in front: an unsafe page request is let through by asking here first.
  .post("/__dev/guard", access("public"), (c) => c.body(null, 204))
  .post("/__dev/visitor", access("hook"), (c) => {
    const { actor, requestId, locale, settings } = c.var.ctx;
    return c.text(stringify({ actor, requestId, locale, settings }));
  })
  .post("/__dev/call", access("hook"), async (c) => {
    const { module, verb, input } = parse(await c.req.text()) as { module: string; verb: string; input?: unknown };
    const found = (api as unknown as Record<string, Record<string, unknown>>)[module]?.[verb];
    if (typeof found !== "function") return c.text(`no verb ${module}.${verb}`, 404);
    try {
      const value = await (found as Verb)(c.var.ctx, input);
      return c.text(stringify({ ok: true, value }));
    } catch (thrown) {
      const error = shownError(thrown);
      if (error.status >= 500) console.error(thrown);
      return c.text(stringify({ ok: false, error: error.toWire() }));
    }
  });
