import type { Ctx } from "../../context.ts";
import { csrfToken } from "../../http/csrf.ts";
import type { Id } from "../../kernel/ids.ts";
import { DEMO_LOGINS } from "./demo-logins.ts";

/** Who is here, for the shell of every page. */
export type Welcome = {
  user: { id: Id<"user">; name: string; role: "user" | "admin"; emailVerified: boolean } | null;
  /** For the `csrf` field of forms and the `x-csrf-token` header; empty while nobody is signed in. */
  csrf: string;
  demoLogins: { role: string; email: string; password: string }[];
};

/** Who is here. Costs no query: the session has been recognised already. Demo logins are told in the demo town alone. */
export async function welcome(ctx: Ctx): Promise<Welcome> {
  const { actor } = ctx;
  return {
    user:
      actor.kind === "user"
        ? { id: actor.userId, name: actor.name, role: actor.role, emailVerified: actor.emailVerified }
        : null,
    csrf: await csrfToken(ctx),
    demoLogins: ctx.settings.demo ? DEMO_LOGINS : [],
  };
}
