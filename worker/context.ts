import type { Db } from "#db/client.ts";
import { type ConstraintErrors, type Statement, type WriteSet, markPublished, sendWriteSet } from "#db/write-set.ts";
import { assert } from "./kernel/assert.ts";
import { houseErrors, loggable } from "./kernel/errors.ts";
import { type Id, type IdKind, newId } from "./kernel/ids.ts";
import type { Locale } from "./kernel/locale.ts";
import { type Permission, type PersonalPermission, holds } from "./kernel/permissions.ts";
import type { Clock } from "./kernel/time.ts";
import type { Ports } from "./ports/index.ts";
import type { EventEnvelope } from "./ports/outbox.ts";

export type AnonymousActor = { readonly kind: "anonymous" };
export type UserActor = {
  readonly kind: "user";
  readonly userId: Id<"user">;
  readonly sessionId: Id<"session">;
  readonly via: "cookie" | "bearer";
  readonly role: "user" | "admin";
  readonly name: string;
  readonly emailVerified: boolean;
};
export type SystemActor = { readonly kind: "system"; readonly name: string };
export type Actor = AnonymousActor | UserActor | SystemActor;

/** Non-secret settings that verbs may read. */
export type Settings = {
  /** Where people reach the town, for links in mails: `https://…` without a trailing slash. */
  origin: string;
  /** Demo logins are shown on the sign-in page. */
  demo: boolean;
  uploadBytesMax: number;
};

/** Keyed hashing with the town's secret, one key per purpose. */
export interface Sealer {
  /** HMAC-SHA-256, base64url. */
  mac(purpose: string, text: string): Promise<string>;
  matches(purpose: string, text: string, mac: string): Promise<boolean>;
  /** Whether a text is the key that a provider was given to prove itself with. Takes the same time however much of it is right. */
  isKeyOf(provider: Provider, text: string): Promise<boolean>;
}

/** Who knocks at the hooks. */
export type Provider = "awsEvents";

/** What every verb gets first: who asks, what time it is, and the only ways to reach anything outside. */
export interface Ctx extends Ports {
  readonly actor: Actor;
  readonly requestId: string;
  readonly locale: Locale;
  /** The network address of the caller, as the edge saw it; `""` for the house itself. */
  readonly address: string;
  readonly userAgent: string;
  readonly settings: Settings;
  readonly sealer: Sealer;
  now(): Date;
  newId<K extends IdKind>(kind: K): Id<K>;
  /** Refuses with 401 when nobody is signed in, 403 when the actor may not; answers with the actor. */
  authorize<P extends Permission>(permission: P): P extends PersonalPermission ? UserActor : Actor;
  /** One or more reads, each one round trip: join rather than repeat. */
  read<T>(query: (db: Db) => Promise<T>): Promise<T>;
  /** One write-set: guards, changes, audit row and outbox rows in one atomic round trip. */
  write(build: (w: WriteSet) => readonly Statement[], constraints?: ConstraintErrors): Promise<void>;
  /** Work that may end after the answer is sent. Its failure is logged, never seen. */
  later(work: Promise<unknown>): void;
}

/** What a ctx is made of. One `Town` serves an isolate; one `Visit` a request, message or tick. */
export type Town = {
  ports: Ports;
  settings: Settings;
  sealer: Sealer;
  audit: { keyId: string; key: string };
  clock: Clock;
  /** Told the types of the events that a write-set of this isolate has just announced. */
  onAnnounced?: (types: readonly string[]) => void;
};
export type Visit = {
  db: () => Db;
  actor: Actor;
  requestId: string;
  locale: Locale;
  address: string;
  userAgent: string;
  waitUntil: (work: Promise<unknown>) => void;
  cause?: { consumer: string; eventId: string } | undefined;
  log: Log;
};
export type Log = (level: "info" | "warn" | "error", event: string, facts?: Readonly<Record<string, unknown>>) => void;

export function makeCtx(town: Town, visit: Visit): Ctx {
  let consumed = false;
  return {
    ...town.ports,
    actor: visit.actor,
    requestId: visit.requestId,
    locale: visit.locale,
    address: visit.address,
    userAgent: visit.userAgent,
    settings: town.settings,
    sealer: town.sealer,
    now: town.clock,
    newId: (kind) => newId(kind, town.clock()),
    authorize: <P extends Permission>(permission: P) => {
      const { actor } = visit;
      if (!holds(permission, actor))
        throw actor.kind === "anonymous" ? houseErrors.unauthenticated() : houseErrors.forbidden();
      return actor as P extends PersonalPermission ? UserActor : Actor;
    },
    read: (query) => query(visit.db()),
    write: async (build, constraints) => {
      assert(!consumed, "what reacts to an event has one write-set, because the event's inbox row is part of it");
      consumed = visit.cause !== undefined;
      const { events } = await sendWriteSet(visit.db(), identityOf(town, visit), build, constraints);
      if (events.length === 0) return;
      town.onAnnounced?.(events.map((event) => event.type));
      visit.waitUntil(publish(town, visit, events));
    },
    later: (work) =>
      visit.waitUntil(work.catch((error: unknown) => visit.log("error", "later.failed", { error: loggable(error) }))),
  };
}

/** Wakes the consumers; what fails here is found by the sweep. */
async function publish(town: Town, visit: Visit, events: readonly Omit<EventEnvelope, "v">[]): Promise<void> {
  try {
    await town.ports.outbox.send(events.map((event) => ({ v: 1, ...event })));
    await markPublished(
      visit.db(),
      events.map((event) => event.eventId as Id<"event">),
      town.clock(),
    );
  } catch (error) {
    visit.log("warn", "outbox.send_failed", { error: loggable(error) });
  }
}

function identityOf(town: Town, visit: Visit) {
  const { actor } = visit;
  return {
    actorKind: actor.kind,
    actorId: actor.kind === "user" ? actor.userId : actor.kind === "system" ? `system:${actor.name}` : "anonymous",
    requestId: visit.requestId,
    now: town.clock(),
    newEventId: () => newId("event", town.clock()),
    audit: town.audit,
    cause: visit.cause,
  };
}
