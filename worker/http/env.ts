import type { Ctx, UserActor } from "../context.ts";
import type { Env } from "../env.ts";

/** What handlers find in Hono's context. */
export type HirobaEnv = {
  Bindings: Env;
  Variables: {
    ctx: Ctx;
    requestId: string;
    /** Of this answer's Content-Security-Policy. */
    nonce: string;
    /** Database round trips so far. */
    queries: () => number;
    /** Goes on as this person. */
    signIn: (actor: UserActor) => void;
  };
};
