import { generateKeyPairSync, verify } from "node:crypto";
import { getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { describe, expect, it } from "vitest";
import { instantOf } from "../../kernel/time.ts";
import { makeCloudFront } from "./cloudfront.ts";

const ORIGIN = "https://media.example.com";
const PREFIX = "v/vid_01jd00000000000000000000aa/1/";
const EXPIRES = instantOf(1_790_000_000_000);
const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const bare = privateKey.replace(/-----[^-]+-----|\s/g, "");
const options = { origin: ORIGIN, keyPairId: "K2JCJMDEHXQW5F", privateKey };

const standardBase64 = (text: string) => text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/");
const bytesOf = (query: string, name: string) =>
  Buffer.from(standardBase64(new URLSearchParams(query).get(name) ?? ""), "base64");

describe("signPrefix", () => {
  it("produces what the official signer produces, byte for byte", async () => {
    const query = await makeCloudFront(options).signPrefix(PREFIX, EXPIRES);
    const policy = JSON.stringify({
      Statement: [
        { Resource: `${ORIGIN}/${PREFIX}*`, Condition: { DateLessThan: { "AWS:EpochTime": 1_790_000_000 } } },
      ],
    });
    const official = getSignedUrl({
      url: `${ORIGIN}/${PREFIX}main.m3u8`,
      policy,
      keyPairId: options.keyPairId,
      privateKey,
      algorithm: "SHA256",
    });
    expect(`${ORIGIN}/${PREFIX}main.m3u8?${query}`).toBe(official);
  });

  it("signs an exact policy without whitespace that names the prefix and nothing wider", async () => {
    const query = await makeCloudFront(options).signPrefix(PREFIX, EXPIRES);
    const policy = bytesOf(query, "Policy");
    expect(policy.toString()).toBe(
      `{"Statement":[{"Resource":"${ORIGIN}/${PREFIX}*","Condition":{"DateLessThan":{"AWS:EpochTime":1790000000}}}]}`,
    );
    expect(verify("RSA-SHA256", policy, publicKey, bytesOf(query, "Signature"))).toBe(true);
    expect(verify("RSA-SHA1", policy, publicKey, bytesOf(query, "Signature"))).toBe(false);
    const other = Buffer.from(policy.toString().replace("/1/*", "/2/*"));
    expect(verify("RSA-SHA256", other, publicKey, bytesOf(query, "Signature"))).toBe(false);
  });

  it("uses no character that a query string would have to escape", async () => {
    for (let seconds = 0; seconds < 8; seconds++) {
      const query = await makeCloudFront(options).signPrefix(PREFIX, instantOf(EXPIRES.getTime() + seconds * 1000));
      expect(query).toMatch(/^Policy=[\w~-]+&Key-Pair-Id=K2JCJMDEHXQW5F&Signature=[\w~-]+&Hash-Algorithm=SHA256$/);
    }
  });

  it("takes the key as PEM, as PEM with written line breaks, and as bare base64", async () => {
    const expected = await makeCloudFront(options).signPrefix(PREFIX, EXPIRES);
    for (const key of [privateKey.replaceAll("\n", "\\n"), bare])
      expect(await makeCloudFront({ ...options, privateKey: key }).signPrefix(PREFIX, EXPIRES)).toBe(expected);
  });

  it("says that the key is wrong without quoting it", async () => {
    const broken = makeCloudFront({ ...options, privateKey: bare.slice(0, 400) });
    const error: Error = await broken.signPrefix(PREFIX, EXPIRES).then(
      () => new Error("signed"),
      (thrown: Error) => thrown,
    );
    expect(error.message).toBe("the CDN's private key is not an RSA key in PKCS#8");
    expect(String(error.cause ?? "")).not.toContain(bare.slice(0, 40));
  });
});

describe("readText", () => {
  const asked: string[] = [];
  const answering = (response: () => Response) =>
    makeCloudFront({
      ...options,
      clock: () => EXPIRES,
      fetch: async (url) => {
        asked.push(String(url));
        return response();
      },
    });

  it("reads one object with a signature that opens this object alone, for a minute", async () => {
    const cdn = answering(() => new Response("#EXTM3U\n"));
    expect(await cdn.readText(`${PREFIX}main.m3u8`)).toBe("#EXTM3U\n");
    const [address, query = ""] = asked.at(-1)!.split("?");
    expect(address).toBe(`${ORIGIN}/${PREFIX}main.m3u8`);
    const policy = bytesOf(query, "Policy");
    expect(JSON.parse(policy.toString())).toEqual({
      Statement: [
        {
          Resource: `${ORIGIN}/${PREFIX}main.m3u8`,
          Condition: { DateLessThan: { "AWS:EpochTime": 1_790_000_060 } },
        },
      ],
    });
    expect(verify("RSA-SHA256", policy, publicKey, bytesOf(query, "Signature"))).toBe(true);
  });

  it("answers null for what is not there", async () => {
    expect(await answering(() => new Response("", { status: 404 })).readText("v/x/1/none.m3u8")).toBeNull();
  });

  it.each([403, 500, 503])("does not take %i for an absence", async (status) => {
    await expect(answering(() => new Response("no", { status })).readText("v/x/1/a.m3u8")).rejects.toMatchObject({
      code: "cdn.unavailable",
      kind: "upstream",
    });
  });

  it("names a broken connection", async () => {
    const cdn = makeCloudFront({ ...options, fetch: () => Promise.reject(new TypeError("connection reset")) });
    await expect(cdn.readText("v/x/1/a.m3u8")).rejects.toMatchObject({ code: "cdn.unavailable" });
  });
});
