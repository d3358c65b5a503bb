import type { MiddlewareHandler } from "hono";
import type { Ctx } from "../context.ts";
import { houseErrors } from "../kernel/errors.ts";
import { declaredLevel } from "./access.ts";
import type { HirobaEnv } from "./env.ts";

export const CSRF_HEADER = "x-csrf-token";
export const CSRF_FIELD = "csrf";
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The token that this session's pages carry: bound to the session, so another session's token is worth nothing. */
export function csrfToken(ctx: Ctx): Promise<string> {
  const { actor } = ctx;
  return actor.kind === "user" ? ctx.sealer.mac("csrf", actor.sessionId) : Promise.resolve("");
}

/**
 * Unsafe requests must come from our own pages: `Origin` equal to the host asked (or `Sec-Fetch-Site: same-origin` where a browser sends no
 * Origin), and, once signed in, the session's token in header or form. Calls without a cookie that carry a bearer token, or come from no
 * browser, hold nothing that a foreign page could borrow, and hooks prove themselves by key: they pass.
 */
export const csrf: MiddlewareHandler<HirobaEnv> = async (c, next) => {
  if (!SAFE.has(c.req.method) && declaredLevel(c) !== "hook") await refuseForeign(c.var.ctx, c.req.raw);
  await next();
};

/** Throws `house.csrf_failed` unless this unsafe request comes from our own page. The body stays readable. */
export async function refuseForeign(ctx: Ctx, request: Request): Promise<void> {
  const { headers } = request;
  if (!headers.has("cookie") && (headers.has("authorization") || !cameFromBrowser(headers))) return;
  if (!sameOrigin(request)) throw houseErrors.csrfFailed();
  if (ctx.actor.kind !== "user") return;
  const token = headers.get(CSRF_HEADER) ?? (await formToken(request));
  if (!token || !(await ctx.sealer.matches("csrf", ctx.actor.sessionId, token))) throw houseErrors.csrfFailed();
}

/** Browsers put one of these on every unsafe request (Fetch standard §3.2, Fetch Metadata). */
const cameFromBrowser = (headers: Headers) => headers.has("origin") || headers.has("sec-fetch-site");

function sameOrigin(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (!origin) return request.headers.get("sec-fetch-site") === "same-origin";
  try {
    return new URL(origin).host === (request.headers.get("host") ?? new URL(request.url).host);
  } catch {
    return false;
  }
}

async function formToken(request: Request): Promise<string | null> {
  if (
    !/^(?:application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(request.headers.get("content-type") ?? "")
  )
    return null;
  const form = await request.clone().formData();
  const value = form.get(CSRF_FIELD);
  return typeof value === "string" ? value : null;
}
