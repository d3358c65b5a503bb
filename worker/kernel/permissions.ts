/**
 * Who may do what: one catalogue for the whole house. A verb asks `ctx.authorize("watch:upload")`; what is not listed here does not compile.
 * `anonymous`: nobody signed in; `user`: any signed-in person; `verified`: with a confirmed address; `admin`: operates the platform;
 * `system`: the house itself (a queue message, a cron, an alarm), never a request.
 */
export const PERMISSIONS = {
  "identity:register": ["anonymous", "user"],
  "identity:verify_email": ["anonymous", "user"],
  "identity:sign_in": ["anonymous", "user"],
  "identity:refresh": ["anonymous", "user"],
  "identity:sign_out": ["user"],
  "identity:resend_verification": ["user"],
  "identity:send_mail": ["system"],
  "identity:clean_up": ["system"],
  "watch:browse": ["anonymous", "user", "system"],
  "watch:play": ["anonymous", "user"],
  "watch:remember_position": ["user"],
  "watch:open_channel": ["verified"],
  "watch:upload": ["verified"],
  "watch:edit": ["verified"],
  "watch:transcode": ["system"],
  "watch:receive_event": ["anonymous"],
  "watch:clean_up": ["system"],
  "console:operate": ["admin"],
  "console:keep_dead_letter": ["system"],
  "outbox:sweep": ["system"],
} as const satisfies Record<string, readonly Grantee[]>;

export type Grantee = "anonymous" | "user" | "verified" | "admin" | "system";
export type Permission = keyof typeof PERMISSIONS;

type Granted<P extends Permission> = (typeof PERMISSIONS)[P][number];
/** Permissions that a signed-in person must be asked for: `authorize` answers with that person. */
export type PersonalPermission = {
  [P in Permission]: Granted<P> extends "user" | "verified" | "admin" ? P : never;
}[Permission];

/** Whether a kind of actor holds a permission. An admin is a user; a user whose address is confirmed is verified. */
export function holds(
  permission: Permission,
  as: { kind: "anonymous" | "system" } | { kind: "user"; role: "user" | "admin"; emailVerified: boolean },
): boolean {
  const grantees: readonly Grantee[] = PERMISSIONS[permission];
  if (as.kind !== "user") return grantees.includes(as.kind);
  return (
    grantees.includes("user") ||
    (grantees.includes("verified") && as.emailVerified) ||
    (grantees.includes("admin") && as.role === "admin" && as.emailVerified)
  );
}
