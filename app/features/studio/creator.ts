import { type LoaderFunctionArgs, redirect } from "@remix-run/cloudflare";
import { signInPath } from "#app/ui/addresses.ts";

type Visit = Pick<LoaderFunctionArgs, "context" | "request">;

/** Lets signed-in people into the studio; anybody else is sent to sign in and comes back afterwards. Answers whether their address is confirmed. */
export function admitCreator({ context, request }: Visit): { verified: boolean } {
  const { actor } = context.ctx;
  const { pathname, search } = new URL(request.url);
  if (actor.kind !== "user") throw redirect(signInPath(`${pathname}${search}`));
  return { verified: actor.emailVerified };
}

/** As {@link admitCreator}, for rooms that need a confirmed address: who has none is led to the page that explains it. */
export function admitVerifiedCreator(visit: Visit): void {
  if (!admitCreator(visit).verified) throw redirect("/studio/upload");
}
