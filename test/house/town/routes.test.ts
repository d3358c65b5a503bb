import { env } from "cloudflare:workers";
import { createExecutionContext } from "cloudflare:test";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { Ctx } from "#worker/context.ts";
import type { Env } from "#worker/env.ts";
import { access, type AccessLevel, denyUndeclared, levelOf } from "#worker/http/access.ts";
import { makeApp } from "#worker/http/app.ts";
import type { HirobaEnv } from "#worker/http/env.ts";
import { AppError } from "#worker/kernel/errors.ts";
import { newId } from "#worker/kernel/ids.ts";

const PAGE = "a page";
const app = makeApp(async () => new Response(PAGE));
const bindings = env as unknown as Env;
const ask = (path: string, init?: RequestInit) =>
  app.fetch(new Request(`https://town.test${path}`, init), bindings, createExecutionContext());

/** Every route of the router with the level that it declares; what middleware matches everywhere is no route. */
function routes(): { method: string; path: string; level: AccessLevel | undefined }[] {
  const found = new Map<string, { method: string; path: string; level: AccessLevel | undefined }>();
  for (const { method, path, handler } of app.routes) {
    const key = `${method} ${path}`;
    const known = found.get(key);
    found.set(key, { method, path, level: known?.level ?? levelOf(handler) });
  }
  return [...found.values()].filter(({ method, path, level }) => level || !(method === "ALL" && path.endsWith("*")));
}

/** Anyone may knock here. Whoever adds a line has thought about it. */
const PUBLIC = [
  "ALL /*",
  "ALL /api/*",
  "GET /healthz",
  "GET /readyz",
  "GET /play/:grant/:path{.+}",
  "GET /api/v1/auth/session",
  "POST /api/v1/auth/register",
  "POST /api/v1/auth/verify-email",
  "POST /api/v1/auth/login",
  "POST /api/v1/auth/refresh",
  "POST /api/v1/auth/logout",
  "GET /api/v1/videos",
  "GET /api/v1/videos/:videoId",
  "GET /api/v1/channels/:handle",
  "POST /api/v1/playback/sessions",
  "POST /api/v1/playback/renew",
];

/** A path with ids that nobody has in the place of its parameters. */
const concrete = (path: string) =>
  path
    .replace(":videoId", newId("video", new Date()))
    .replace(":uploadId", newId("upload", new Date()))
    .replace(":deadLetterId", newId("deadLetter", new Date()))
    .replace(/:\w+(\{[^}]*\})?/g, "nobody");

describe("the router", () => {
  it("knows the level of every route", () => {
    expect(routes().filter((route) => !route.level)).toEqual([]);
  });

  it("is open to anyone only where it was meant to be", () => {
    const open = routes().filter((route) => route.level === "public");
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...PUBLIC].sort());
  });

  const guarded = routes().filter((route) => route.level === "member" || route.level === "admin");
  it.each(guarded)("asks nobody in at $method $path without a session", async ({ method, path }) => {
    const answer = await ask(concrete(path), { method, headers: { origin: "https://town.test" } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toMatchObject({ code: "house.unauthenticated", status: 401 });
  });

  const unsafe = routes().filter((route) => !["GET", "ALL"].includes(route.method) && route.level !== "hook");
  it.each(unsafe)("refuses $method $path to a foreign page", async ({ method, path }) => {
    const foreign = { method, headers: { origin: "https://evil.test", "content-type": "text/plain" } };
    const answer = await ask(concrete(path), foreign);
    expect([401, 403]).toContain(answer.status);
    if (answer.status === 403) expect(await answer.json()).toMatchObject({ code: "house.csrf_failed" });
  });

  it("turns hooks away that do not prove themselves", async () => {
    const hooks = routes().filter((route) => route.level === "hook");
    expect(hooks.length).toBeGreaterThan(0);
    for (const { method, path } of hooks) {
      const event = { id: "e", source: "aws.mediaconvert", "detail-type": "x", detail: {} };
      const headers = { "content-type": "application/json", "x-hiroba-events-key": "a guess of the right length" };
      const answer = await ask(path, { method, headers, body: JSON.stringify(event) });
      expect(answer.status).toBe(403);
    }
  });

  it("does not serve a route that declares nothing", async () => {
    const careless = new Hono<HirobaEnv>()
      .use("*", async (c, next) => {
        c.set("ctx", { actor: { kind: "anonymous" } } as Ctx);
        await next();
      })
      .use("*", denyUndeclared)
      .get("/declared", access("public"), (c) => c.text("fine"))
      .get("/undeclared", (c) => c.text("secret"))
      .all("*", access("public"), (c) => c.text("page"))
      .onError((error, c) => c.text(AppError.is(error) ? error.code : "unexpected", 404));
    const textOf = async (path: string) => (await careless.request(path)).text();
    expect(await textOf("/declared")).toBe("fine");
    expect(await textOf("/anything")).toBe("page");
    expect(await textOf("/undeclared")).toBe("house.not_found");
  });
});

describe("every answer", () => {
  it.each(["/", "/healthz", "/api/v1/nothing", "/api/v1/videos/not-an-id", "/api/v1/uploads"])(
    "of %s carries the security headers",
    async (path) => {
      const { headers } = await ask(path);
      expect(headers.get("strict-transport-security")).toMatch(/max-age=\d{8}/);
      expect(headers.get("content-security-policy")).toMatch(/script-src 'self' 'nonce-[\w-]{20,}'/);
      expect(headers.get("content-security-policy")).not.toContain("script-src 'self' 'unsafe-inline'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
      expect(headers.get("x-request-id")).toMatch(/^req_/);
    },
  );

  it("that refuses is problem+json in the reader's language and is not kept", async () => {
    const ja = await ask("/api/v1/nothing", { headers: { "accept-language": "ja" } });
    const en = await ask("/api/v1/nothing", { headers: { "accept-language": "en-GB,en;q=0.8" } });
    expect(ja.status).toBe(404);
    expect(ja.headers.get("cache-control")).toBe("no-store");
    const [inJapanese, inEnglish] = [
      await ja.json<{ title: string; instance: string }>(),
      await en.json<{ title: string }>(),
    ];
    expect(inJapanese.title).toMatch(/[ぁ-ん]/);
    expect(inEnglish.title).toBe("We could not find that.");
    expect(inJapanese.instance).toBe(ja.headers.get("x-request-id"));
  });

  it("to too large a body says so", async () => {
    const big = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ a: "x".repeat(300_000) }),
    };
    const answer = await ask("/api/v1/auth/login", big);
    expect(answer.status).toBe(413);
  });
});
