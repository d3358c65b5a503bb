import type { Ctx } from "../../context.ts";
import { base64url, type Id } from "../../kernel/ids.ts";

/** What is stored of a token: its SHA-256. Tokens are 256 random (or keyed) bits, so nothing slower is needed (OWASP ASVS 5.0, 6.5.2). */
export async function hashOfToken(token: string): Promise<string> {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token))));
}

/**
 * The secret in a verification link: a keyed hash of the token's id. Whoever sends the mail computes it anew, so it is neither stored nor put
 * on a queue.
 */
export function verificationToken(ctx: Ctx, tokenId: Id<"token">): Promise<string> {
  return ctx.sealer.mac("verify_email", tokenId);
}
