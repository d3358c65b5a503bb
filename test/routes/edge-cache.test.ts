import { env } from "cloudflare:workers";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { expect, it } from "vitest";
import type { Env } from "#worker/env.ts";
import { makeApp } from "#worker/http/app.ts";
import { EDGE_TTL_HEADER, forgetKept } from "#worker/http/edge-cache.ts";

const bindings = env as unknown as Env;
let rendered = 0;
const app = makeApp(async (_request, _ctx, { nonce }) => {
  rendered += 1;
  return new Response(`<script nonce="${nonce}">${rendered}</script>`, {
    headers: { "content-type": "text/html", [EDGE_TTL_HEADER]: "30" },
  });
});

async function ask(path: string, headers: Record<string, string> = {}) {
  const ctx = createExecutionContext();
  const answer = await app.fetch(new Request(`https://town.test${path}`, { headers }), bindings, ctx);
  await waitOnExecutionContext(ctx);
  const text = await answer.text();
  return {
    headers: answer.headers,
    nonce: /nonce="([\w-]+)"/.exec(text)![1]!,
    policyNonce: /'nonce-([\w-]+)'/.exec(answer.headers.get("content-security-policy")!)![1]!,
    count: Number(/>(\d+)</.exec(text)![1]),
  };
}

it("renders once for everybody, and gives each copy a nonce of its own that its policy allows", async () => {
  const first = await ask("/shared");
  const second = await ask("/shared");
  expect(second.count).toBe(first.count);
  expect(second.headers.get("x-cache")).toBe("hit");
  expect(second.nonce).not.toBe(first.nonce);
  for (const answer of [first, second]) {
    expect(answer.nonce).toBe(answer.policyNonce);
    expect(answer.headers.has(EDGE_TTL_HEADER)).toBe(false);
  }
});

it("keeps languages, themes and addresses apart", async () => {
  const counts = [
    await ask("/apart", { "accept-language": "ja" }),
    await ask("/apart", { "accept-language": "en" }),
    await ask("/apart", { "accept-language": "ja", cookie: "hiroba_theme=dark" }),
    await ask("/apart?category=music", { "accept-language": "ja" }),
  ].map((answer) => answer.count);
  expect(new Set(counts).size).toBe(4);
});

it("neither keeps nor serves what belongs to somebody", async () => {
  const shared = await ask("/mine");
  const own = await ask("/mine", { cookie: "__Host-hiroba=somebodys-session-token-0123456789" });
  const again = await ask("/mine", { cookie: "__Host-hiroba=somebodys-session-token-0123456789" });
  expect(own.count).not.toBe(shared.count);
  expect(again.count).not.toBe(own.count);
  expect(own.headers.has(EDGE_TTL_HEADER)).toBe(false);
});

it("asks anew once told that what is public has changed", async () => {
  const before = await ask("/changing");
  forgetKept();
  expect((await ask("/changing")).count).not.toBe(before.count);
});
