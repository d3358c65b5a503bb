import * as z from "zod";
import type { Sealer } from "../../context.ts";
import { base64url, idSchema } from "../../kernel/ids.ts";
import { addMs, HOUR_MS, instantOf, MINUTE_MS, SECOND_MS } from "../../kernel/time.ts";
import { mediaPrefixOf } from "./media-layout.ts";

const GRANT_MS = 10 * MINUTE_MS;
const RENEW_SHARE = 0.8;
const RENEWABLE_MS = HOUR_MS;
/** How much longer than the grant the CDN's signature lasts: what was asked for in the last moment still arrives. */
const CDN_GRACE_MS = 30 * SECOND_MS;
const PURPOSE = "playback";

const grantSchema = z
  .object({
    playbackId: idSchema("playback"),
    videoId: idSchema("video"),
    version: z.int().min(1),
    mediaPrefix: z.string(),
    userId: idSchema("user").nullable(),
    /** Milliseconds since 1970. */
    exp: z.int(),
  })
  .refine(({ mediaPrefix, videoId, version }) => mediaPrefix === mediaPrefixOf(videoId, version));

/** What a grant says: this viewer may play this version of this video until then. */
export type Grant = z.output<typeof grantSchema>;

export const grantEnd = (now: Date): Date => addMs(now, GRANT_MS);
export const renewalDue = (now: Date): Date => addMs(now, GRANT_MS * RENEW_SHARE);
export const cdnEnd = ({ exp }: Grant): Date => instantOf(exp + CDN_GRACE_MS);

/** The grant as text, `payload.mac`: fit for a path, of no use for anything but its own video, worthless once a letter changes. */
export async function sealGrant(sealer: Sealer, grant: Grant): Promise<string> {
  const payload = base64url(new TextEncoder().encode(JSON.stringify(grant)));
  return `${payload}.${await sealer.mac(PURPOSE, payload)}`;
}

/** What the text says; null when it is not a grant of ours. Says nothing about its end. */
export async function openGrant(sealer: Sealer, text: string): Promise<Grant | null> {
  const [payload = "", mac = "", ...rest] = text.split(".");
  if (rest.length > 0 || !(await sealer.matches(PURPOSE, payload, mac))) return null;
  const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
  const parsed = grantSchema.safeParse(
    JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (c) => c.charCodeAt(0)))),
  );
  return parsed.success ? parsed.data : null;
}

/** Whether playlists are still handed out under this grant. */
export const grantHolds = ({ exp }: Grant, now: Date): boolean => now.getTime() < exp;

/** Whether the grant may still be exchanged for a new one: a laptop that slept for a while goes on where it was. */
export const grantRenewable = ({ exp }: Grant, now: Date): boolean => now.getTime() < exp + RENEWABLE_MS;
