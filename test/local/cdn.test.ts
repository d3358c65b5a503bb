import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getSignedCookies, getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunningServer } from "#local/aws/front.ts";
import { startCdn } from "#local/cdn/start-cdn.ts";
import { ObjectDisk } from "#local/s3/object-disk.ts";
import { outcome } from "./s3-room.ts";

const bucket = "media";
const keyPairId = "K2LOCALTEST";
const origin = "http://localhost:8787";
const segment = randomBytes(2000);
const pair = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
const trusted = pair();
const foreign = pair();

const DENIED = { status: 403, code: "AccessDenied" };
const MISSING_KEY = { status: 403, code: "MissingKey" };
const UNKNOWN_KEY = { status: 403, code: "InvalidKey" };

let root: string;
let cdn: RunningServer;
let open: RunningServer;
let clockOffsetMs = 0;
const errors: unknown[] = [];
const at = (path: string) => cdn.url + path;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const signer = { keyPairId, privateKey: trusted.privateKey };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "cdn-"));
  const disk = await ObjectDisk.open(root);
  await disk.createBucket(bucket);
  const put = (key: string, body: Uint8Array, contentType = "binary/octet-stream", cacheControl?: string) =>
    disk.put(bucket, key, body, { contentType, cacheControl });
  await put("v/a/master.m3u8", Buffer.from("#EXTM3U\n"), undefined, "no-store");
  await put("v/a/720p/seg_1.m4s", segment, undefined, "public, max-age=31536000, immutable");
  await put("v/b/master.m3u8", Buffer.from("#EXTM3U\n"));
  await put("v/a/日本 語.vtt", Buffer.from("WEBVTT\n"));
  await put("i/p.jpg", Buffer.from("jpeg"));
  await put("originals/a.mp4", Buffer.from("raw"));
  const options = {
    port: 0,
    host: "127.0.0.1",
    disk,
    bucket,
    keyPairs: { [keyPairId]: trusted.publicKey },
    signedPrefixes: ["/v/"],
    publicPrefixes: ["/i/"],
    now: () => new Date(Date.now() + clockOffsetMs),
    onError: (error: unknown) => void errors.push(error),
  };
  cdn = await startCdn({ ...options, allowedOrigins: [origin] });
  open = await startCdn({ ...options, allowedOrigins: "*" });
});

beforeEach(() => {
  clockOffsetMs = 0;
});

afterAll(async () => {
  expect(errors).toEqual([]);
  await cdn.close();
  await open.close();
  await rm(root, { recursive: true, force: true });
});

const cannedUrl = (path = "/v/a/master.m3u8", more: object = {}) =>
  getSignedUrl({ ...signer, url: at(path), dateLessThan: inSeconds(60), ...more });

function policyFor(resource: string, condition: object = {}): string {
  const DateLessThan = { "AWS:EpochTime": Math.round(Date.now() / 1000) + 60 };
  return JSON.stringify({ Statement: [{ Resource: resource, Condition: { DateLessThan, ...condition } }] });
}

/** A wildcard policy as a query string, to be put behind any path. */
function wildcardQuery(policy = policyFor(at("/v/a/*")), more: object = {}): string {
  return new URL(getSignedUrl({ ...signer, url: at("/x"), policy, ...more })).search;
}

function cookieHeader(cookies: object, changes: Record<string, string | undefined> = {}): { cookie: string } {
  const entries = Object.entries({ ...cookies, ...changes }).filter(([, value]) => value !== undefined);
  return { cookie: entries.map(([name, value]) => `${name}=${value}`).join("; ") };
}

const read = async (url: string, headers: Record<string, string> = {}) => outcome(await fetch(url, { headers }));
const OK = { status: 200, code: undefined };

describe("signed URLs by the official signer", () => {
  test.each(["SHA1", "SHA256"] as const)("canned and custom policies with %s are accepted", async (algorithm) => {
    expect(await read(cannedUrl(undefined, { algorithm }))).toEqual(OK);
    expect(await read(at(`/v/a/720p/seg_1.m4s${wildcardQuery(undefined, { algorithm })}`))).toEqual(OK);
    const windowed = { dateGreaterThan: inSeconds(-60), ipAddress: "127.0.0.0/8", algorithm };
    expect(await read(cannedUrl("/v/a/master.m3u8", windowed))).toEqual(OK);
  });

  test("a canned URL keeps its own query, in order", async () => {
    const url = cannedUrl("/v/a/master.m3u8?b=2&a=1");
    expect(await read(url)).toEqual(OK);
    expect(await read(url.replace("b=2&a=1", "a=1&b=2"))).toEqual(DENIED);
    expect(await read(url.replace("b=2&a=1", "b=2"))).toEqual(DENIED);
    expect(await read(`${url}&c=3`)).toEqual(DENIED);
    expect(await read(`${cannedUrl()}&c=3`)).toEqual(DENIED);
  });

  test("a path with other letters is matched as it is sent", async () => {
    const response = await fetch(cannedUrl(`/v/a/${encodeURIComponent("日本 語.vtt")}`));
    expect([response.status, await response.text()]).toEqual([200, "WEBVTT\n"]);
  });

  test("one wildcard policy serves every segment under it and nothing else", async () => {
    const query = wildcardQuery();
    expect(await read(at(`/v/a/master.m3u8${query}`))).toEqual(OK);
    expect(await read(at(`/v/a/720p/seg_1.m4s${query}&_t=1`))).toEqual(OK);
    expect(await read(at(`/v/b/master.m3u8${query}`))).toEqual(DENIED);
    expect(await read(at(`/v/a/%2e%2e/b/master.m3u8${query}`))).not.toEqual(OK);
  });
});

describe("a signed URL is refused", () => {
  test("without any signature: MissingKey", async () => {
    const response = await fetch(at("/v/a/master.m3u8"));
    expect(response.headers.get("content-type")).toBe("text/xml");
    expect(response.headers.get("x-cache")).toBe("Error from cloudfront");
    expect(await response.text()).toContain(
      "<Error><Code>MissingKey</Code><Message>Missing Key-Pair-Id query parameter or cookie value</Message></Error>",
    );
    expect(await read(cannedUrl().replace(/&Key-Pair-Id=\w+/, ""))).toEqual(MISSING_KEY);
    expect(await read(cannedUrl().replace(keyPairId, ""))).toEqual(MISSING_KEY);
  });

  test("with an unknown key pair, or another's key behind a known id", async () => {
    expect(await read(cannedUrl().replace(keyPairId, "K2SOMEBODY"))).toEqual(UNKNOWN_KEY);
    expect(await read(cannedUrl(undefined, { privateKey: foreign.privateKey }))).toEqual(DENIED);
    expect(await read(at(`/v/a/master.m3u8${wildcardQuery(undefined, { privateKey: foreign.privateKey })}`))).toEqual(
      DENIED,
    );
  });

  test("for another path, another video, another host", async () => {
    expect(await read(cannedUrl().replace("master", "720p/seg_1"))).toEqual(DENIED);
    expect(await read(cannedUrl().replace("/v/a/", "/v/b/"))).toEqual(DENIED);
    const elsewhere = cannedUrl().replace("127.0.0.1", "localhost");
    expect(await statusWithHost(elsewhere, new URL(elsewhere).host)).toBe(403);
  });

  test("when it is expired, its expiry was moved, or it is not valid yet", async () => {
    const url = cannedUrl();
    const later = url.replace(/Expires=(\d+)/, (_, seconds) => `Expires=${Number(seconds) + 3600}`);
    expect(await read(later)).toEqual(DENIED);
    expect(await read(url.replace(/Expires=\d+&?/, ""))).toEqual(DENIED);
    const early = cannedUrl(undefined, { dateGreaterThan: inSeconds(30) });
    expect(await read(early)).toEqual(DENIED);
    clockOffsetMs = 40_000;
    expect(await read(early)).toEqual(OK);
    clockOffsetMs = 61_000;
    expect(await read(url)).toEqual(DENIED);
    expect(await read(early)).toEqual(DENIED);
  });

  test("for another address", async () => {
    expect(await read(cannedUrl(undefined, { ipAddress: "203.0.113.7" }))).toEqual(DENIED);
    expect(await read(cannedUrl(undefined, { ipAddress: "127.0.0.2/32" }))).toEqual(DENIED);
    expect(await read(cannedUrl(undefined, { ipAddress: "127.0.0.1" }))).toEqual(OK);
  });

  test("when its policy, signature or hash word was changed", async () => {
    const query = new URLSearchParams(wildcardQuery());
    const change = (changes: Record<string, string>) => {
      const altered = new URLSearchParams({ ...Object.fromEntries(query), ...changes });
      return read(at(`/v/a/master.m3u8?${altered}`));
    };
    const safe = (text: string) => btoa(text).replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
    expect(await change({ Policy: safe(policyFor("*")) })).toEqual(DENIED);
    expect(await change({ Policy: "%%%" })).toMatchObject({ status: 403, code: "MalformedPolicy" });
    const signature = query.get("Signature") ?? "";
    expect(await change({ Signature: (signature.startsWith("A") ? "B" : "A") + signature.slice(1) })).toEqual(DENIED);
    expect(await change({ Signature: signature.slice(0, -4) })).toMatchObject({ status: 403 });
    expect(await change({ Signature: "" })).toEqual(DENIED);
    expect(await change({ "Hash-Algorithm": "SHA256" })).toEqual(DENIED);
    expect(await change({ "Hash-Algorithm": "MD5" })).toEqual(DENIED);
    expect(await read(cannedUrl(undefined, { algorithm: "SHA256" }).replace("&Hash-Algorithm=SHA256", ""))).toEqual(
      DENIED,
    );
  });

  test("when parameters come twice or from two signatures", async () => {
    const url = cannedUrl();
    expect(await read(`${url}&Expires=9999999999`)).toEqual(DENIED);
    expect(await read(`${url}&Key-Pair-Id=${keyPairId}`)).toEqual(DENIED);
    const custom = new URLSearchParams(wildcardQuery());
    const mixed = url.replace(/Signature=[^&]+/, `Signature=${custom.get("Signature")}`);
    expect(await read(mixed)).toEqual(DENIED);
  });

  test("when a well-signed policy has no end, no resource, two statements or an unknown condition", async () => {
    const statement = JSON.parse(policyFor(at("/v/a/*"))).Statement[0];
    const malformed = [
      { Statement: [{ Resource: at("/v/a/*"), Condition: {} }] },
      { Statement: [{ Condition: statement.Condition }] },
      { Statement: [statement, statement] },
      { Statement: [{ ...statement, Condition: { ...statement.Condition, Referer: "x" } }] },
    ];
    for (const policy of malformed) {
      const answer = await read(at(`/v/a/master.m3u8${wildcardQuery(JSON.stringify(policy))}`));
      expect(answer).toEqual({ status: 403, code: "MalformedPolicy" });
    }
  });
});

describe("signed cookies by the official signer", () => {
  const cookies = (more: object = {}) => getSignedCookies({ ...signer, policy: policyFor(at("/v/a/*")), ...more });

  test.each(["SHA1", "SHA256"] as const)("are accepted with %s, custom and canned", async (algorithm) => {
    expect(await read(at("/v/a/720p/seg_1.m4s"), cookieHeader(cookies({ algorithm })))).toEqual(OK);
    const canned = getSignedCookies({ ...signer, url: at("/v/a/master.m3u8"), dateLessThan: inSeconds(60), algorithm });
    expect(await read(at("/v/a/master.m3u8"), cookieHeader({ session: "x", ...canned }))).toEqual(OK);
    expect(await read(at("/v/a/720p/seg_1.m4s"), cookieHeader(canned))).toEqual(DENIED);
  });

  test("are refused for another video, time, key, and with any part changed or missing", async () => {
    const good = cookies();
    const path = at("/v/a/master.m3u8");
    expect(await read(at("/v/b/master.m3u8"), cookieHeader(good))).toEqual(DENIED);
    expect(await read(path, cookieHeader(good, { "CloudFront-Key-Pair-Id": undefined }))).toEqual(MISSING_KEY);
    expect(await read(path, cookieHeader(good, { "CloudFront-Key-Pair-Id": "K2SOMEBODY" }))).toEqual(UNKNOWN_KEY);
    expect(await read(path, cookieHeader(good, { "CloudFront-Signature": undefined }))).toEqual(DENIED);
    expect(await read(path, cookieHeader(good, { "CloudFront-Policy": undefined }))).toEqual(DENIED);
    expect(await read(path, cookieHeader(good, { "CloudFront-Policy": btoa(policyFor("*")) }))).toMatchObject({
      status: 403,
    });
    expect(await read(path, cookieHeader(cookies({ privateKey: foreign.privateKey })))).toEqual(DENIED);
    expect(
      await read(path, cookieHeader(cookies({ algorithm: "SHA256" }), { "CloudFront-Hash-Algorithm": undefined })),
    ).toEqual(DENIED);
    clockOffsetMs = 61_000;
    expect(await read(path, cookieHeader(good))).toEqual(DENIED);
  });

  test("do not count beside a signed URL, good or bad", async () => {
    const forVideoA = cookieHeader(cookies());
    const forVideoB = cookieHeader(getSignedCookies({ ...signer, policy: policyFor(at("/v/b/*")) }));
    expect(await read(cannedUrl(), forVideoB)).toEqual(OK);
    const tampered = cannedUrl().replace(/Expires=\d+/, "Expires=9999999999");
    expect(await read(tampered, forVideoA)).toEqual(DENIED);
  });
});

describe("delivery", () => {
  test("opens the public prefix and nothing outside the prefixes", async () => {
    const image = await fetch(at("/i/p.jpg"));
    expect([image.status, image.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
    expect(await read(at("/originals/a.mp4"))).toEqual(DENIED);
    expect(await read(at("/i%2f..%2foriginals/a.mp4"))).toEqual(DENIED);
    expect(await read(at(`/originals/a.mp4${wildcardQuery(policyFor("*"))}`))).toEqual(DENIED);
    expect(await read(at("/i/absent.jpg"))).toEqual({ status: 404, code: "NoSuchKey" });
    expect((await fetch(at("/i/p.jpg"), { method: "PUT", body: "x" })).status).toBe(403);
  });

  test("gives types, cache-control and x-cache as a distribution would", async () => {
    const playlist = await fetch(cannedUrl());
    expect(playlist.headers.get("content-type")).toBe("application/vnd.apple.mpegurl");
    expect(playlist.headers.get("cache-control")).toBe("no-store");
    expect(playlist.headers.get("x-cache")).toBe("Miss from cloudfront");
    expect((await fetch(cannedUrl())).headers.get("x-cache")).toBe("Miss from cloudfront");
    await (await fetch(cannedUrl("/v/a/720p/seg_1.m4s"))).arrayBuffer();
    const repeated = await fetch(cannedUrl("/v/a/720p/seg_1.m4s"));
    expect(repeated.headers.get("x-cache")).toBe("Hit from cloudfront");
    expect(repeated.headers.get("content-type")).toBe("video/iso.segment");
    expect(repeated.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(Buffer.from(await repeated.arrayBuffer()).equals(segment)).toBe(true);
  });

  test("serves HEAD, ranges, 416 and 304", async () => {
    const url = cannedUrl("/v/a/720p/seg_1.m4s");
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "2000"]);
    const range = await fetch(url, { headers: { range: "bytes=-10" } });
    expect([range.status, range.headers.get("content-range")]).toEqual([206, "bytes 1990-1999/2000"]);
    expect(Buffer.from(await range.arrayBuffer()).equals(segment.subarray(-10))).toBe(true);
    const behind = await fetch(url, { headers: { range: "bytes=2000-" } });
    expect([behind.status, behind.headers.get("content-range")]).toEqual([416, "bytes */2000"]);
    const etag = head.headers.get("etag") ?? "";
    const unchanged = await fetch(url, { headers: { "if-none-match": etag } });
    expect([unchanged.status, unchanged.headers.get("etag")]).toEqual([304, etag]);
    const refused = await fetch(at("/v/a/master.m3u8"), { method: "HEAD" });
    expect([refused.status, await refused.text()]).toEqual([403, ""]);
  });

  test("shares with the allowed origins only, with credentials, refusals too", async () => {
    const headersFor = async (url: string, from: string, init: RequestInit = {}) =>
      (await fetch(url, { ...init, headers: { ...init.headers, origin: from } })).headers;
    const granted = await headersFor(cannedUrl(), origin);
    expect(Object.fromEntries(granted)).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": expect.stringMatching(/Content-Range, Content-Length, ETag/),
      vary: "Origin",
    });
    expect((await headersFor(cannedUrl(), "https://example.org")).get("access-control-allow-origin")).toBeNull();
    expect((await headersFor(at("/v/a/master.m3u8"), origin)).get("access-control-allow-origin")).toBe(origin);
    const asked = { "access-control-request-method": "GET", "access-control-request-headers": "range" };
    const preflight = await headersFor(at("/v/a/master.m3u8"), origin, { method: "OPTIONS", headers: asked });
    expect(preflight.get("access-control-allow-headers")).toBe("range");
    expect(preflight.get("access-control-allow-methods")).toContain("GET");
    const anyone = await headersFor(`${open.url}/i/p.jpg`, "https://example.org");
    expect(anyone.get("access-control-allow-origin")).toBe("*");
    expect(anyone.get("access-control-allow-credentials")).toBeNull();
  });
});

/** Sends a Host header of its own choice to the CDN's address. */
function statusWithHost(url: string, host: string): Promise<number | undefined> {
  const { pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest(at(pathname + search), { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", reject).end();
  });
}
