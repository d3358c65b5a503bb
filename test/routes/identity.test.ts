import { env, exports } from "cloudflare:workers";
import { and, eq, sql } from "drizzle-orm";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { openDb } from "#db/client.ts";
import { oneTimeTokens, sessions, users } from "#db/schema/identity.ts";
import { auditLog, outboxEvents } from "#db/schema/shared.ts";
import { makeArgon2Passwords } from "#worker/adapters/passwords/argon2.ts";
import { newId } from "#worker/kernel/ids.ts";
import { DAY_MS, MINUTE_MS } from "#worker/kernel/time.ts";

const { DATABASE_URL, DATABASE_DOOR } = env as unknown as { DATABASE_URL: string; DATABASE_DOOR: string };
const db = openDb({ url: DATABASE_URL, door: DATABASE_DOOR });
const worker = (exports as unknown as { default: Fetcher }).default;
const passwords = makeArgon2Passwords();

const ORIGIN = "https://town.test";
const PASSWORD = "たしかな合言葉 1";
/** Of "yesterday" at m=4096, t=1, p=1, computed by OpenSSL. */
const YESTERDAYS = "$argon2id$v=19$m=4096,t=1,p=1$sqcwvx8CtX+m5s3jlup+VQ$Fd1ijwlbDD8y4QCxMMNqGGTtT6vpvPb/SZPFR6cxtTU";

let visitors = 0;
/** A browser or client on a network of its own, with the cookie that it was given. */
function aVisitor() {
  visitors++;
  const address = `198.18.${visitors >> 8}.${visitors & 255}`;
  let cookie = "";
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await worker.fetch(`${ORIGIN}/api/v1/auth/${path}`, {
      method,
      headers: {
        origin: ORIGIN,
        "cf-connecting-ip": address,
        "content-type": "application/json",
        "accept-language": "ja",
        ...(cookie ? { cookie } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const setCookie = response.headers.get("set-cookie");
    if (setCookie) cookie = setCookie.split(";")[0]!;
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined, setCookie };
  };
  return {
    post: (path: string, body?: unknown, headers?: Record<string, string>) => call("POST", path, body, headers),
    get: (path: string, headers?: Record<string, string>) => call("GET", path, undefined, headers),
    cookie: () => cookie,
    withCookie: (value: string) => void (cookie = value),
  };
}

let people = 0;
const anEmail = () => `person-${++people}-${newId("request", new Date()).slice(4, 16)}@example.com`;

/** Somebody with an account, as the seed would write it. */
async function anAccount({ verified = true, passwordHash }: { verified?: boolean; passwordHash?: string } = {}) {
  const now = new Date();
  const id = newId("user", now);
  const email = anEmail();
  await db.insert(users).values({
    id,
    email,
    emailNormal: email,
    emailVerifiedAt: verified ? now : null,
    name: "広場 花子",
    locale: "ja",
    passwordHash: passwordHash ?? (await sharedHash()),
    createdAt: now,
  });
  return { id, email };
}
let hash: Promise<string> | undefined;
const sharedHash = () => (hash ??= passwords.hash(PASSWORD));

type Message = { id: string; subject: string; text: string; html: string };
/** The mails that an address has received, newest first, as soon as the queue has brought `count` of them about. */
function mailsTo(email: string, count: number): Promise<Message[]> {
  const inbox = inject("inboxUrl");
  return vi.waitFor(
    async () => {
      const list = (await (await fetch(`${inbox}?to=${encodeURIComponent(email)}`)).json()) as { messages: Message[] };
      expect(list.messages).toHaveLength(count);
      return Promise.all(
        list.messages.map(async ({ id }) => (await (await fetch(`${inbox}/${id}`)).json()) as Message),
      );
    },
    { timeout: 20_000, interval: 100 },
  );
}
const linkIn = (mail: Message) => /\/verify\?token=([\w-]+)/.exec(mail.text)![1]!;
const trailOf = (scope: string) =>
  db
    .select({ action: auditLog.action, changes: auditLog.changes })
    .from(auditLog)
    .where(eq(auditLog.scope, scope))
    .orderBy(auditLog.seq);
const userOf = async (email: string) => (await db.select().from(users).where(eq(users.emailNormal, email)))[0]!;

afterEach(() => void vi.useRealTimers());
const travel = (milliseconds: number) => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.now() + milliseconds);
};

describe("registering", () => {
  it("leads from the form over the mailed link to a confirmed, signed-in person", async () => {
    const visitor = aVisitor();
    const email = anEmail();
    const answer = await visitor.post("register", {
      email: ` ${email.toUpperCase()}`,
      password: PASSWORD,
      name: "花子",
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.setCookie).toBeNull();

    const [mail] = await mailsTo(email, 1);
    expect(mail!.subject).toContain("確認");
    const verified = await visitor.post("verify-email", { token: linkIn(mail!) });
    expect(verified.status).toBe(200);
    expect(verified.body.user).toMatchObject({ name: "花子", role: "user", emailVerified: true });
    expect(verified.setCookie).toMatch(/^__Host-hiroba=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Expires=/);
    expect((await visitor.get("session")).body).toMatchObject({ user: verified.body.user, csrf: verified.body.csrf });

    const { id } = await userOf(email);
    // The mail is out before its consumer has written so
    await vi.waitFor(async () => {
      expect((await trailOf(id)).map(({ action }) => action).sort()).toEqual([
        "identity.email.verify",
        "identity.session.sign_in",
        "identity.user.register",
        "identity.verification_mail.send",
      ]);
    });
  });

  it("keeps neither token nor password in clear", async () => {
    const visitor = aVisitor();
    const email = anEmail();
    await visitor.post("register", { email, password: PASSWORD, name: "花子" });
    const [mail] = await mailsTo(email, 1);
    const token = linkIn(mail!);
    const { id, passwordHash } = await userOf(email);
    const [row] = await db.select().from(oneTimeTokens).where(eq(oneTimeTokens.userId, id));
    expect(JSON.stringify(row)).not.toContain(token);
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await visitor.post("verify-email", { token });
    const [session] = await db.select().from(sessions).where(eq(sessions.userId, id));
    expect(JSON.stringify(session)).not.toContain(visitor.cookie().split("=")[1]!);
  });

  it("answers alike for an address that has an account, and tells its owner alone", async () => {
    const { id, email } = await anAccount();
    const before = await userOf(email);
    const known = await aVisitor().post("register", { email, password: "another password", name: "だれか" });
    const unknown = await aVisitor().post("register", {
      email: anEmail(),
      password: "another password",
      name: "だれか",
    });
    expect(known.status).toBe(unknown.status);
    expect(known.body).toEqual(unknown.body);
    const names = (headers: Headers) => [...headers.keys()].sort();
    expect(names(known.headers)).toEqual(names(unknown.headers));
    const [mail] = await mailsTo(email, 1);
    expect(mail!.text).toContain(`${ORIGIN}/login`);
    expect(mail!.text).not.toContain("token=");
    expect(await userOf(email)).toEqual(before);
    expect(await db.$count(oneTimeTokens, eq(oneTimeTokens.userId, id))).toBe(0);
  });

  it("opens one account when the same address is registered twice at once", async () => {
    const email = anEmail();
    const answers = await Promise.all(
      [1, 2].map(() => aVisitor().post("register", { email, password: PASSWORD, name: "花子" })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(await db.$count(users, eq(users.emailNormal, email))).toBe(1);
  });

  it("mails an address three times an hour at most, however often others register it", async () => {
    const { id, email } = await anAccount();
    for (let i = 0; i < 5; i++)
      expect((await aVisitor().post("register", { email, password: PASSWORD, name: "x" })).status).toBe(202);
    const announced = await db.$count(
      outboxEvents,
      and(eq(outboxEvents.subjectId, id), eq(outboxEvents.type, "identity.registration_repeated")),
    );
    expect(announced).toBe(3);
  });

  it("accepts a passphrase of kana, spaces and emoji; refuses seven characters and 129", async () => {
    const status = async (password: string) =>
      (await aVisitor().post("register", { email: anEmail(), password, name: "x" })).status;
    expect(await status("あいうえお かき")).toBe(202);
    expect(await status(" ".repeat(8))).toBe(202);
    expect(await status("😀".repeat(128))).toBe(202);
    expect(await status("1234567")).toBe(422);
    expect(await status("a".repeat(129))).toBe(422);
  });
});

describe("the mailed link", () => {
  const registered = async () => {
    const email = anEmail();
    await aVisitor().post("register", { email, password: PASSWORD, name: "花子" });
    const [mail] = await mailsTo(email, 1);
    return { email, token: linkIn(mail!) };
  };

  it("works once, also when it is used twice at once", async () => {
    const { token } = await registered();
    const answers = await Promise.all([1, 2, 3].map(() => aVisitor().post("verify-email", { token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
    expect((await aVisitor().post("verify-email", { token })).body.code).toBe("identity.link_invalid");
  });

  it("is of no use after 24 hours", async () => {
    const { email, token } = await registered();
    travel(DAY_MS);
    expect((await aVisitor().post("verify-email", { token })).status).toBe(410);
    expect((await userOf(email)).emailVerifiedAt).toBeNull();
  });

  it("works for somebody who is signed in, with a new session in place of the old one", async () => {
    const { email, token } = await registered();
    const visitor = aVisitor();
    const { body: before } = await visitor.post("login", { email, password: PASSWORD });
    expect(before.user.emailVerified).toBe(false);
    const former = visitor.cookie();
    const after = await visitor.post("verify-email", { token }, { "x-csrf-token": before.csrf });
    expect(after.body.user.emailVerified).toBe(true);
    expect(visitor.cookie()).not.toBe(former);
    const stale = aVisitor();
    stale.withCookie(former);
    expect((await stale.get("session")).body.user).toBeNull();
  });

  it("is sent again on request, five times an hour, and not at all to a confirmed address", async () => {
    const { email } = await anAccount({ verified: false });
    const visitor = aVisitor();
    const { body } = await visitor.post("login", { email, password: PASSWORD });
    const again = () => visitor.post("resend", undefined, { "x-csrf-token": body.csrf });
    for (let i = 0; i < 5; i++) expect((await again()).status).toBe(202);
    const refused = await again();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(3_500);
    const mails = await mailsTo(email, 5);
    const verified = await visitor.post("verify-email", { token: linkIn(mails[0]!) }, { "x-csrf-token": body.csrf });
    expect(verified.status).toBe(200);
    expect((await aVisitor().post("verify-email", { token: linkIn(mails[3]!) })).status).toBe(410);
    expect((await visitor.post("resend", undefined, { "x-csrf-token": verified.body.csrf })).status).toBe(202);
    expect(await db.$count(oneTimeTokens, sql`used_at is null and user_id = ${(await userOf(email)).id}`)).toBe(0);
    expect((await aVisitor().post("resend")).status).toBe(401);
  });
});

describe("signing in", () => {
  it("answers alike for a wrong password and an unknown address", async () => {
    const { id, email } = await anAccount();
    const wrong = await aVisitor().post("login", { email, password: "not this one" });
    const unknown = await aVisitor().post("login", { email: anEmail(), password: "not this one" });
    expect(wrong.status).toBe(401);
    const shown = ({ code, title, status, type }: Record<string, unknown>) => ({ code, title, status, type });
    expect(shown(unknown.body)).toEqual(shown(wrong.body));
    expect(wrong.body.code).toBe("identity.wrong_credentials");
    const trail = await trailOf(id);
    expect(trail).toMatchObject([{ action: "identity.session.sign_in_refused" }]);
    expect(JSON.stringify(trail)).not.toMatch(/@|198\.18/);
  });

  it("lets five of fifty parallel wrong guesses be checked, and no more", async () => {
    const { email } = await anAccount();
    const visitor = aVisitor();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => visitor.post("login", { email, password: `wrong guess ${i}` })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(refused).toHaveLength(45);
    for (const { headers, body } of refused) {
      expect(body.code).toBe("identity.too_many_failures");
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(800);
      expect(Number(headers.get("retry-after"))).toBeLessThanOrEqual(900);
    }
    expect((await visitor.post("login", { email, password: PASSWORD })).status).toBe(429);
  });

  it("counts guesses against one account from many networks", async () => {
    const { email } = await anAccount();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => aVisitor().post("login", { email, password: `wrong guess ${i}` })),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect((await aVisitor().post("login", { email, password: PASSWORD })).status).toBe(429);
    travel(15 * MINUTE_MS);
    expect((await aVisitor().post("login", { email, password: PASSWORD })).status).toBe(200);
  });

  it("counts guesses from one network against many accounts, and leaves those accounts open to others", async () => {
    const accounts = await Promise.all(Array.from({ length: 8 }, () => anAccount()));
    const visitor = aVisitor();
    const answers = await Promise.all(
      accounts.map(({ email }) => visitor.post("login", { email, password: "guess one" })),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    for (const { email } of accounts)
      expect((await aVisitor().post("login", { email, password: PASSWORD })).status).toBe(200);
  });

  it("does not count successes", async () => {
    const { email } = await anAccount();
    const visitor = aVisitor();
    for (let i = 0; i < 7; i++) {
      visitor.withCookie("");
      expect((await visitor.post("login", { email, password: PASSWORD })).status).toBe(200);
    }
  });

  it("never keeps a session id: one planted before is ignored, one of before ends", async () => {
    const { email } = await anAccount();
    const visitor = aVisitor();
    const planted = `__Host-hiroba=${"x".repeat(43)}`;
    visitor.withCookie(planted);
    const { body } = await visitor.post("login", { email, password: PASSWORD });
    const first = visitor.cookie();
    expect(first).not.toBe(planted);
    await visitor.post("login", { email, password: PASSWORD }, { "x-csrf-token": body.csrf });
    expect(visitor.cookie()).not.toBe(first);
    const stale = aVisitor();
    stale.withCookie(first);
    expect((await stale.get("session")).body.user).toBeNull();
    expect((await visitor.get("session")).body.user).not.toBeNull();
  });

  it("hashes anew, at today's costs, a password that was hashed at yesterday's", async () => {
    const { email } = await anAccount({ passwordHash: YESTERDAYS });
    expect((await aVisitor().post("login", { email, password: "yesterday" })).status).toBe(200);
    const { passwordHash } = await userOf(email);
    expect(passwordHash).toMatch(/m=19456,t=2,p=1/);
    expect((await aVisitor().post("login", { email, password: "yesterday" })).status).toBe(200);
  });
});

describe("a browser's session", () => {
  it("ends a week after it was last used, and 30 days after it began", async () => {
    const { email } = await anAccount();
    const visitor = aVisitor();
    await visitor.post("login", { email, password: PASSWORD });
    const signedIn = async () => (await visitor.get("session")).body.user !== null;
    for (let day = 6; day < 30; day += 6) {
      travel(6 * DAY_MS);
      expect(await signedIn()).toBe(true);
      // The idle end is moved after the answer
      await vi.waitFor(async () => {
        const [row] = await db
          .select()
          .from(sessions)
          .where(eq(sessions.userId, (await userOf(email)).id));
        expect(row!.idleUntil.getTime()).toBeGreaterThan(Date.now() + 5 * DAY_MS);
      });
    }
    travel(6 * DAY_MS + MINUTE_MS);
    expect(await signedIn()).toBe(false);

    const idle = aVisitor();
    await idle.post("login", { email, password: PASSWORD });
    travel(7 * DAY_MS + MINUTE_MS);
    expect((await idle.get("session")).body.user).toBeNull();
  });

  it("is over everywhere with the sign-out, which needs the page's token", async () => {
    const { id, email } = await anAccount();
    const visitor = aVisitor();
    const { body } = await visitor.post("login", { email, password: PASSWORD });
    const cookie = visitor.cookie();
    expect((await visitor.post("logout")).body.code).toBe("house.csrf_failed");
    const out = await visitor.post("logout", undefined, { "x-csrf-token": body.csrf });
    expect(out.status).toBe(204);
    expect(out.setCookie).toMatch(/^__Host-hiroba=; .*Max-Age=0/);
    visitor.withCookie(cookie);
    expect((await visitor.get("session")).body.user).toBeNull();
    expect((await visitor.post("logout")).status).toBe(204);
    expect((await trailOf(id)).map(({ action }) => action)).toEqual([
      "identity.session.sign_in",
      "identity.session.sign_out",
    ]);
  });
});

describe("an API client's tokens", () => {
  const signedIn = async () => {
    const { email } = await anAccount();
    const client = aVisitor();
    const { status, body } = await client.post("login", { email, password: PASSWORD, mode: "token" });
    expect(status).toBe(200);
    return { client, tokens: body as { accessToken: string; refreshToken: string } };
  };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it("speak for the person without cookie or page token", async () => {
    const { client, tokens } = await signedIn();
    expect(tokens).toMatchObject({ tokenType: "Bearer", expiresIn: 900 });
    expect(client.cookie()).toBe("");
    expect((await client.get("session", bearer(tokens.accessToken))).body.user).not.toBeNull();
    expect((await client.post("logout", undefined, bearer(tokens.accessToken))).status).toBe(204);
    expect((await client.get("session", bearer(tokens.accessToken))).status).toBe(401);
    expect((await client.post("refresh", { refreshToken: tokens.refreshToken })).status).toBe(401);
  });

  it("are not good as a cookie", async () => {
    const { client, tokens } = await signedIn();
    client.withCookie(`__Host-hiroba=${tokens.accessToken}`);
    expect((await client.get("session")).body.user).toBeNull();
  });

  it("are replaced by a refresh; the old pair is worth nothing", async () => {
    const { client, tokens } = await signedIn();
    const next = await client.post("refresh", { refreshToken: tokens.refreshToken });
    expect(next.status).toBe(200);
    expect((await client.get("session", bearer(tokens.accessToken))).status).toBe(401);
    expect((await client.get("session", bearer(next.body.accessToken))).body.user).not.toBeNull();
    const reused = await client.post("refresh", { refreshToken: tokens.refreshToken });
    expect(reused.body.code).toBe("identity.refresh_invalid");
  });

  it("are given to one of many that refresh at once", async () => {
    const { client, tokens } = await signedIn();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.post("refresh", { refreshToken: tokens.refreshToken })),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === "identity.refresh_invalid")).toHaveLength(7);
    expect((await client.get("session", bearer(won[0]!.body.accessToken))).body.user).not.toBeNull();
  });

  it("end after 15 minutes, and can be renewed for 60 days", async () => {
    const { client, tokens } = await signedIn();
    travel(15 * MINUTE_MS);
    expect((await client.get("session", bearer(tokens.accessToken))).status).toBe(401);
    travel(59 * DAY_MS);
    const late = await client.post("refresh", { refreshToken: tokens.refreshToken });
    expect(late.status).toBe(200);
    travel(DAY_MS);
    expect((await client.post("refresh", { refreshToken: late.body.refreshToken })).status).toBe(401);
  });
});

describe("passwords in workerd", () => {
  it("hashes twenty at once within one isolate, each right", async () => {
    const phcs = await Promise.all(Array.from({ length: 20 }, (_, i) => passwords.hash(`password ${i}`)));
    expect(new Set(phcs).size).toBe(20);
    expect(await passwords.verify("password 7", phcs[7]!)).toBe(true);
    expect(await passwords.verify("password 7", phcs[8]!)).toBe(false);
  });

  it("checks a hash that another implementation made", async () => {
    expect(await passwords.verify("yesterday", YESTERDAYS)).toBe(true);
  });
});
