import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, rename, writeFile } from "node:fs/promises";

/** The keys of one local town. They are made on its first start, stay in its data folder and open nothing else. */
export interface TownSecrets {
  appSecret: string;
  auditKey: string;
  /** The only credentials that the local AWS endpoint knows. */
  aws: { accessKeyId: string; secretAccessKey: string };
  /** The CDN's signing key: the private half for the Worker (base64 of PKCS#8 DER), the public half (PEM) for the CDN. */
  cdn: { keyPairId: string; privateKey: string; publicKeyPem: string };
  /** What the event bus shows the Worker in its API-key header. */
  awsEventsKey: string;
}

/** Reads the secrets from `file` (mode 0600), after making those that are not there yet. */
export async function loadSecrets(file: string): Promise<TownSecrets> {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<TownSecrets>) : {};
  const secrets: TownSecrets = {
    appSecret: known.appSecret ?? token(),
    auditKey: known.auditKey ?? token(),
    aws: known.aws ?? { accessKeyId: `AKIA${letters(16)}`, secretAccessKey: random(30, "base64") },
    cdn: known.cdn ?? newCdnKey(),
    awsEventsKey: known.awsEventsKey ?? token(),
  };
  const incoming = `${file}.incoming`;
  await writeFile(incoming, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await chmod(incoming, 0o600);
  await rename(incoming, file);
  return secrets;
}

function token(): string {
  return random(32, "base64url");
}

function random(length: number, encoding: "base64" | "base64url"): string {
  return Buffer.from(randomBytes(length)).toString(encoding);
}

function letters(length: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // 32 letters, so that a byte modulo 32 stays even.
  return Array.from(randomBytes(length), (byte) => alphabet[byte % 32]).join("");
}

/** CloudFront signs with RSA-2048 keys: docs "Specify signers that can create signed URLs and signed cookies". */
function newCdnKey(): TownSecrets["cdn"] {
  const pair = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "der" },
  });
  return {
    keyPairId: `K${letters(13)}`,
    privateKey: Buffer.from(pair.privateKey).toString("base64"),
    publicKeyPem: pair.publicKey,
  };
}
