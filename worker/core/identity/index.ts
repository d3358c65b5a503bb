import type { Hono } from "hono";
import type { Ctx, UserActor } from "../../context.ts";
import type { HirobaEnv } from "../../http/env.ts";
import type { Id } from "../../kernel/ids.ts";
import type { Refresh, Register, SignIn, VerifyEmail } from "./schemas.ts";

export * from "./schemas.ts";
export { identityErrors } from "./errors.ts";

/** Who is here, for the shell of every page. Costs no query. */
export type Welcome = {
  user: { id: Id<"user">; name: string; role: "user" | "admin"; emailVerified: boolean } | null;
  /** For the `csrf` field of forms and the `x-csrf-token` header; empty while nobody is signed in. */
  csrf: string;
  demoLogins: { role: string; email: string; password: string }[];
};
export type SignedIn = { token: string; until: Date };
export type BearerTokens = { accessToken: string; refreshToken: string; expiresIn: number; tokenType: "Bearer" };

export declare const routes: Hono<HirobaEnv>;
export declare function welcome(ctx: Ctx): Promise<Welcome>;
export declare function register(ctx: Ctx, input: Register): Promise<void>;
export declare function resendVerification(ctx: Ctx): Promise<void>;
/** Confirms the address. Answers with a session when nobody is signed in yet. */
export declare function verifyEmail(ctx: Ctx, input: VerifyEmail): Promise<SignedIn>;
export declare function signIn(ctx: Ctx, input: SignIn): Promise<SignedIn>;
export declare function issueTokens(ctx: Ctx, input: SignIn): Promise<BearerTokens>;
export declare function refreshTokens(ctx: Ctx, input: Refresh): Promise<BearerTokens>;
export declare function signOut(ctx: Ctx): Promise<void>;
/** The person behind a token; null when it is unknown, ended or idle too long. One query. */
export declare function recogniseSession(
  ctx: Ctx,
  input: { token: string; via: "cookie" | "bearer" },
): Promise<UserActor | null>;
/** Sends the mail that asks for a confirmation of the address; reacts to `identity.user_registered`. */
export declare function sendVerificationMail(ctx: Ctx, input: { tokenId: Id<"token"> }): Promise<void>;
/** Deletes ended sessions and used or expired tokens. */
export declare function cleanUpIdentity(ctx: Ctx): Promise<void>;
