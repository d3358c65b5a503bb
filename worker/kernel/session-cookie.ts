/** The cookie that a signed-in browser carries: bound to this host by its prefix (RFC 6265bis §4.1.3.2), unreadable for scripts. */
export const SESSION_COOKIE = "__Host-hiroba";

const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Lax";

/** `Set-Cookie` for a session that ends at `until` at the latest. */
export function sessionCookie(token: string, until: Date): string {
  return `${SESSION_COOKIE}=${token}; ${ATTRIBUTES}; Expires=${until.toUTCString()}`;
}

/** `Set-Cookie` that takes the session away. */
export function clearedSessionCookie(): string {
  return `${SESSION_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`;
}
