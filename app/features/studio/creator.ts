import { type LoaderFunctionArgs, redirect } from "@remix-run/cloudflare";
import { signInPath } from "#app/ui/addresses.ts";

type Visit = Pick<LoaderFunctionArgs, "context" | "request">;

/** Lets signed-in people into the studio; anybody else is sent to sign in and comes back afterwards. Answers whether their address is confirmed. */
export async function admitCreator({ context, request }: Visit): Promise<{ verified: boolean }> {
  const { user } = await context.api.identity.welcome(context.ctx);
  const { pathname, search } = new URL(request.url);
  if (!user) throw redirect(signInPath(`${pathname}${search}`));
  return { verified: user.emailVerified };
}

/** As {@link admitCreator}, for rooms that need a confirmed address: who has none is led to the page that explains it. */
export async function admitVerifiedCreator(visit: Visit): Promise<void> {
  const { verified } = await admitCreator(visit);
  if (!verified) throw redirect("/studio/upload");
}
