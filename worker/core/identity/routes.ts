import { type Context, Hono, type MiddlewareHandler } from "hono";
import { access } from "../../http/access.ts";
import type { HirobaEnv } from "../../http/env.ts";
import { body } from "../../http/validate.ts";
import { clearedSessionCookie, sessionCookie } from "../../kernel/session-cookie.ts";
import { issueTokens } from "./issue-tokens.ts";
import type { SignedIn } from "./open-session.ts";
import { refreshTokens } from "./refresh-tokens.ts";
import { register } from "./register.ts";
import { resendVerification } from "./resend-verification.ts";
import { loginInput, refreshInput, registerInput, verifyEmailInput } from "./schemas.ts";
import { signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";
import { verifyEmail } from "./verify-email.ts";
import { welcome } from "./welcome.ts";

const noStore: MiddlewareHandler<HirobaEnv> = async (c, next) => {
  await next();
  c.res.headers.set("cache-control", "no-store");
};

export const routes = new Hono<HirobaEnv>()
  .use("/api/v1/auth/*", noStore)
  .post("/api/v1/auth/register", access("public"), body(registerInput), async (c) => {
    await register(c.var.ctx, c.req.valid("json"));
    return c.json({ next: "verify_email" }, 202);
  })
  .post("/api/v1/auth/verify-email", access("public"), body(verifyEmailInput), async (c) =>
    welcomed(c, await verifyEmail(c.var.ctx, c.req.valid("json"))),
  )
  .post("/api/v1/auth/resend", access("member"), async (c) => {
    await resendVerification(c.var.ctx);
    return c.json({ next: "verify_email" }, 202);
  })
  .post("/api/v1/auth/login", access("public"), body(loginInput), async (c) => {
    const { mode, ...input } = c.req.valid("json");
    if (mode === "token") return c.json(await issueTokens(c.var.ctx, input));
    return welcomed(c, await signIn(c.var.ctx, input));
  })
  .post("/api/v1/auth/refresh", access("public"), body(refreshInput), async (c) =>
    c.json(await refreshTokens(c.var.ctx, c.req.valid("json"))),
  )
  // Open to everybody: who is signed out already only loses a cookie that is worth nothing
  .post("/api/v1/auth/logout", access("public"), async (c) => {
    if (c.var.ctx.actor.kind === "user") await signOut(c.var.ctx);
    c.header("set-cookie", clearedSessionCookie());
    return c.body(null, 204);
  })
  .get("/api/v1/auth/session", access("public"), async (c) => c.json(await welcome(c.var.ctx)));

/** The answer to a browser that is now signed in: its cookie, who it is, and the token that its next requests carry. */
async function welcomed(c: Context<HirobaEnv>, { token, until, actor }: SignedIn): Promise<Response> {
  c.var.signIn(actor);
  c.header("set-cookie", sessionCookie(token, until));
  const { user, csrf } = await welcome(c.var.ctx);
  return c.json({ user, csrf });
}
