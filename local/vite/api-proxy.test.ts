import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parse, stringify } from "devalue";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { apiThrough, type VisitorCookies } from "./api-proxy.ts";

class HouseError extends Error {}

let server: Server;
let workerUrl: string;
let seen: { request: IncomingMessage; body: string } | undefined;
let answer: { status: number; body: string; cookies: string[] };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      seen = { request, body };
      response.writeHead(answer.status, { "set-cookie": answer.cookies }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  workerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  seen = undefined;
  answer = { status: 200, body: stringify({ ok: true, value: null }), cookies: [] };
});

function visit(cookies: VisitorCookies = []) {
  const headers = {
    cookie: "s=1",
    origin: "http://127.0.0.1:8787",
    "sec-fetch-site": "same-origin",
    connection: "close",
  };
  const request = new Request("http://127.0.0.1:8787/lessons?page=2", { method: "POST", headers, body: "a=1" });
  return apiThrough(workerUrl, request, cookies, (wire) => new HouseError((wire as { code: string }).code));
}

test("a verb is called in the visitor's name, and dates survive both ways", async () => {
  const at = new Date("2026-01-02T03:04:05Z");
  answer.body = stringify({ ok: true, value: { at, ids: new Set(["a"]) } });
  const value = await visit().lessons?.bookLesson?.({ ignored: true }, { at });
  expect(value).toEqual({ at, ids: new Set(["a"]) });
  expect(parse(seen?.body ?? "")).toEqual({ module: "lessons", verb: "bookLesson", input: { at } });
  expect(seen?.request.method).toBe("POST");
  expect(seen?.request.url).toBe("/__dev/call");
  expect(seen?.request.headers).toMatchObject({
    host: "127.0.0.1:8787",
    cookie: "s=1",
    origin: "http://127.0.0.1:8787",
    "sec-fetch-site": "same-origin",
    "x-page-method": "POST",
    "x-page-url": "/lessons?page=2",
    "content-type": "application/json",
  });
});

test("a refusal is thrown as the house's own error, with its cookies kept", async () => {
  const cookies: VisitorCookies = [];
  answer.body = stringify({ ok: false, error: { code: "lessons.full" }, setCookie: "b=2" });
  answer.cookies = ["a=1"];
  await expect(visit(cookies).lessons?.bookLesson?.({}, {})).rejects.toThrow(new HouseError("lessons.full"));
  expect(cookies).toEqual(["a=1", "b=2"]);
});

test.each([
  [500, "Internal error"],
  [200, "[1]"],
  [404, '{"ok":true}'],
])("an answer that is none (%d %s) is an error that quotes it", async (status, body) => {
  answer = { status, body, cookies: [] };
  await expect(visit().lessons?.bookLesson?.({}, {})).rejects.toThrow(
    `The Worker answered ${status} to lessons.bookLesson`,
  );
});

test("a module is not mistaken for a promise", async () => {
  const lessons = visit().lessons;
  expect(await Promise.resolve(lessons)).toBe(lessons);
});
