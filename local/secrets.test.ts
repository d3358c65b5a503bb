import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSecrets } from "./secrets.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hiroba-secrets-"));
  file = join(folder, "secrets.json");
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("secrets are made once and only their owner can read them", async () => {
  const first = await loadSecrets(file);
  expect(await loadSecrets(file)).toEqual(first);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(first.aws.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(first.appSecret).not.toBe(first.auditKey);
});

test("a secret that an older town did not have is added, the others stay", async () => {
  const first = await loadSecrets(file);
  const { awsEventsKey: _, ...older } = JSON.parse(await readFile(file, "utf8")) as typeof first;
  await writeFile(file, JSON.stringify(older));
  const second = await loadSecrets(file);
  expect(second).toMatchObject(older);
  expect(second.awsEventsKey).toHaveLength(43);
});

test("the two halves of the CDN's key belong together", async () => {
  const { cdn } = await loadSecrets(file);
  const key = createPrivateKey({ key: Buffer.from(cdn.privateKey, "base64"), format: "der", type: "pkcs8" });
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
  const signature = sign("RSA-SHA1", Buffer.from("policy"), key);
  expect(verify("RSA-SHA1", Buffer.from("policy"), createPublicKey(cdn.publicKeyPem), signature)).toBe(true);
});
