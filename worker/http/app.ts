import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Actor, Ctx } from "../context.ts";
import { api } from "../api.ts";
import { houseOf, visit } from "../compose.ts";
import { houseErrors, loggable } from "../kernel/errors.ts";
import { newId } from "../kernel/ids.ts";
import { cookieOf, localeOf } from "../kernel/locale.ts";
import { SESSION_COOKIE } from "../kernel/session-cookie.ts";
import { log } from "../log.ts";
import { access, denyUndeclared } from "./access.ts";
import { csrf } from "./csrf.ts";
import { devDoor } from "./dev-door.ts";
import type { HirobaEnv } from "./env.ts";
import { edgeCache } from "./edge-cache.ts";
import { health } from "./health.ts";
import { rateLimit } from "./rate-limit.ts";
import { problemResponse, shownError } from "./problem.ts";
import { securityHeaders } from "./security.ts";

/** Requests carry forms and JSON; files go straight to the bucket. */
const BODY_BYTES_MAX = 256 * 1024;

type PageHandler = (request: Request, ctx: Ctx, page: { nonce: string }) => Promise<Response>;

/**
 * The front gate's order: request id and ctx → security headers → deny undeclared → edge cache → session → rate limit → csrf → route.
 * Whatever is thrown on the way becomes problem+json.
 */
export function makeApp(pages: PageHandler): Hono<HirobaEnv> {
  const app = new Hono<HirobaEnv>();
  app.use("*", async (c, next) => {
    const house = houseOf(c.env);
    const requestId = newId("request", house.town.clock());
    let queries = 0;
    const about = {
      waitUntil: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
      requestId,
      locale: localeOf(c.req.raw.headers),
      address: c.req.header("cf-connecting-ip") ?? "127.0.0.1",
      userAgent: (c.req.header("user-agent") ?? "").slice(0, 300),
      onQuery: () => void queries++,
    };
    const visitor = (actor: Actor) => visit(house, { ...about, actor });
    c.set("requestId", requestId);
    c.set("queries", () => queries);
    c.set("ctx", visitor({ kind: "anonymous" }));
    c.set("signIn", (actor) => c.set("ctx", visitor(actor)));
    await next();
    if (!c.res.headers.has("server-timing")) c.res.headers.set("server-timing", `db;desc="${queries} queries"`);
  });
  app.use("*", (c, next) => {
    const { vars } = houseOf(c.env);
    return securityHeaders({ cdn: vars.CDN_ORIGIN, objects: objectsOrigin(vars) })(c, next);
  });
  app.use("*", denyUndeclared);
  app.use("*", edgeCache);
  app.use("*", session);
  app.use("*", rateLimit);
  app.use("*", bodyLimit({ maxSize: BODY_BYTES_MAX, onError: refuseTooLarge }));
  app.use("*", csrf);

  app.route("/", health);
  for (const module of Object.values(api)) if ("routes" in module) app.route("/", module.routes);
  if (typeof __DEV_DOOR__ !== "undefined" && __DEV_DOOR__) app.route("/", devDoor);
  app.all("/api/*", access("public"), () => {
    throw houseErrors.notFound();
  });
  app.all("*", access("public"), (c) => pages(c.req.raw, c.var.ctx, { nonce: c.var.nonce }));

  app.onError((thrown, c) => {
    const error = shownError(thrown);
    if (error.status >= 500)
      log("error", "request.failed", {
        requestId: c.var.requestId,
        code: error.code,
        cause: loggable(error.cause ?? error),
      });
    return problemResponse(error, {
      requestId: c.var.requestId,
      path: new URL(c.req.url).pathname,
      locale: c.var.ctx.locale,
      now: c.var.ctx.now(),
    });
  });
  return app;
}

function refuseTooLarge(): never {
  throw houseErrors.tooLarge({ facts: { maxBytes: BODY_BYTES_MAX } });
}

/** Who is asking: by `Authorization: Bearer`, else by the session cookie. An unknown or ended token is nobody; a bad bearer is told so. */
const session: MiddlewareHandler<HirobaEnv> = async (c, next) => {
  const bearer = /^Bearer ([\w-]{20,200})$/.exec(c.req.header("authorization") ?? "")?.[1];
  const token = bearer ?? cookieOf(c.req.raw.headers, SESSION_COOKIE);
  if (token) {
    const actor = await api.identity.recogniseSession(c.var.ctx, { token, via: bearer ? "bearer" : "cookie" });
    if (actor) c.var.signIn(actor);
    else if (bearer) throw houseErrors.unauthenticated();
  }
  await next();
};

function objectsOrigin(vars: {
  AWS_ENDPOINT_URL?: string | undefined;
  AWS_REGION: string;
  UPLOADS_BUCKET: string;
}): string {
  return vars.AWS_ENDPOINT_URL
    ? new URL(vars.AWS_ENDPOINT_URL).origin
    : `https://${vars.UPLOADS_BUCKET}.s3.${vars.AWS_REGION}.amazonaws.com`;
}
