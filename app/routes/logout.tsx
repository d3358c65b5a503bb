import { redirect } from "@remix-run/cloudflare";
import { pageAction } from "#app/carry.ts";
import { clearedSessionCookie } from "#worker/kernel/session-cookie.ts";

/** Signing out is a POST only; whoever opens the address goes home. */
export const loader = () => redirect("/");

export const action = pageAction(async ({ context }) => {
  const { user } = await context.api.identity.welcome(context.ctx);
  if (user) await context.api.identity.signOut(context.ctx);
  throw redirect("/", { headers: { "set-cookie": clearedSessionCookie() } });
});
