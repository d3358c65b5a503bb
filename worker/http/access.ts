import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { houseErrors } from "../kernel/errors.ts";
import type { HirobaEnv } from "./env.ts";

/**
 * Who may knock at a route: `public` anyone; `member` anyone signed in; `admin` who operates the platform; `hook` a provider that proves
 * itself inside the route (signature or key). The verb behind it still authorizes the act itself.
 */
export const ACCESS_LEVELS = ["public", "member", "admin", "hook"] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

const LEVEL = Symbol("access level");
type Marked = MiddlewareHandler<HirobaEnv> & { [LEVEL]: AccessLevel };

/** Declares a route's access level. Every route has exactly one; a route without one answers 404 and fails the build. */
export function access(level: AccessLevel): MiddlewareHandler<HirobaEnv> {
  const handler: MiddlewareHandler<HirobaEnv> = async (c, next) => {
    const { actor } = c.var.ctx;
    if (level === "member" && actor.kind !== "user") throw houseErrors.unauthenticated();
    if (level === "admin") {
      if (actor.kind !== "user") throw houseErrors.unauthenticated();
      if (actor.role !== "admin") throw houseErrors.forbidden();
    }
    await next();
  };
  return Object.assign(handler, { [LEVEL]: level }) satisfies Marked;
}

/** The level that a handler declares, if it is one of {@link access}. */
export function levelOf(handler: unknown): AccessLevel | undefined {
  return typeof handler === "function" && LEVEL in handler ? (handler as Marked)[LEVEL] : undefined;
}

/** Deny unless declared: stands before all routes and lets only those through that name their level. */
export const denyUndeclared: MiddlewareHandler<HirobaEnv> = async (c, next) => {
  if (!declaredLevel(c)) throw houseErrors.notFound();
  await next();
};

/**
 * The level declared by the route that this request matched. Middleware and the catch-all match everything too (their paths end in `*`), so
 * they speak only where no route of its own does.
 */
export function declaredLevel(c: Context<HirobaEnv>): AccessLevel | undefined {
  const matched = matchedRoutes(c);
  const own = matched.find(({ path }) => !path.endsWith("*"));
  const speaking = own ? matched.filter(({ path, method }) => path === own.path && method === own.method) : matched;
  return speaking.map(({ handler }) => levelOf(handler)).find((level) => level !== undefined);
}
