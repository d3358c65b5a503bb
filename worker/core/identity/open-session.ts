import type { Statement, WriteSet } from "#db/write-set.ts";
import type { Ctx, UserActor } from "../../context.ts";
import { type Id, newSecret } from "../../kernel/ids.ts";
import { networkSubject } from "./limits.ts";
import { type SessionKind, sessionTimes } from "./rules.ts";
import { hashOfToken } from "./secrets.ts";
import * as sessions from "./sessions.store.ts";

export type SignedIn = { token: string; until: Date; actor: UserActor };
type Person = { id: Id<"user">; name: string; role: "user" | "admin"; emailVerified: boolean };

/** A session that is about to begin: its secrets, who it speaks for, and the statements that make it so. */
export type OpeningSession = SignedIn & {
  refreshToken: string | null;
  /** What the audit trail keeps of it. The network is a keyed hash. */
  facts: { kind: SessionKind; network: string };
  /** With a browser's new session its former one ends: a session id never survives a sign-in. */
  statements: (w: WriteSet) => Statement[];
};

/** Makes a new session for a person. Nothing is written until its statements are part of a write-set. */
export async function openSession(ctx: Ctx, person: Person, kind: SessionKind): Promise<OpeningSession> {
  const now = ctx.now();
  const id = ctx.newId("session");
  const token = newSecret();
  const refreshToken = kind === "bearer" ? newSecret() : null;
  const { idleUntil, absoluteUntil } = sessionTimes(kind, now);
  const row: sessions.NewSession = {
    id,
    tokenHash: await hashOfToken(token),
    userId: person.id,
    kind,
    userAgent: ctx.userAgent,
    createdAt: now,
    idleUntil,
    absoluteUntil,
    refreshHash: refreshToken && (await hashOfToken(refreshToken)),
  };
  const network = await networkSubject(ctx);
  const former = kind === "cookie" && ctx.actor.kind === "user" && ctx.actor.via === "cookie" ? ctx.actor : null;
  const { name, role, emailVerified } = person;
  return {
    token,
    refreshToken,
    until: absoluteUntil,
    actor: { kind: "user", userId: person.id, sessionId: id, via: kind, role, name, emailVerified },
    facts: { kind, network },
    statements: (w) => [
      ...(former ? [sessions.revokeSession(w.db, former.userId, former.sessionId, now)] : []),
      sessions.insertSession(w.db, row),
    ],
  };
}
