import type { Ctx } from "../../context.ts";
import type { Facts } from "../../kernel/errors.ts";
import type { MediaProbe } from "../../ports/transcoder.ts";
import { afterBox, BOX_HEADER_BYTES } from "./movie-boxes.ts";
import { SNIFF_BYTES, sniffContainer } from "./sniff.ts";
import { decideParts } from "./upload-parts.ts";
import { receivedParts } from "./upload-presenter.ts";
import type { UploadRow } from "./uploads.store.ts";

/** Top-level boxes looked at; a film in more pieces than these is left to the probe. */
const BOXES_MAX = 16;

export type Picture = NonNullable<MediaProbe["video"]>;

/** What became of a file: a film; not yet whole; never to be a video; or no longer there. */
export type Verdict =
  | { is: "film"; probe: MediaProbe & { video: Picture } }
  | { is: "unfinished"; because: "uploadIncomplete" | "uploadPartWrong"; facts: Facts }
  | { is: "refused"; because: "uploadSizeDiffers" | "uploadNotVideo" | "uploadUnreadable" | "uploadNoPicture" }
  | { is: "gone" };

/**
 * Joins what arrived and looks at it: the bytes in the store decide, not what was said about them. Goes on where an earlier check that died
 * left off. The steps go from cheap to dear: size, first bytes, whether it was torn off, probe.
 */
export async function checkSource(ctx: Ctx, upload: UploadRow): Promise<Verdict> {
  const { objectKey } = upload;
  let object = await ctx.objects.head("uploads", objectKey);
  if (!object) {
    const unfinished = await join(ctx, upload);
    if (unfinished) return unfinished;
    object = await ctx.objects.head("uploads", objectKey);
    if (!object) return { is: "gone" };
  }
  if (object.size !== upload.sizeBytes) return { is: "refused", because: "uploadSizeDiffers" };
  const start = await ctx.objects.readRange("uploads", objectKey, 0, SNIFF_BYTES - 1);
  const container = start && sniffContainer(start);
  if (!container) return { is: "refused", because: "uploadNotVideo" };
  if (container === "mp4" && (await isTorn(ctx, upload))) return { is: "refused", because: "uploadUnreadable" };
  const probe = await ctx.transcoder.probe(ctx.objects.address("uploads", objectKey));
  if (!probe) return { is: "refused", because: "uploadUnreadable" };
  const { video } = probe;
  if (!video) return { is: "refused", because: "uploadNoPicture" };
  return { is: "film", probe: { ...probe, video } };
}

/** Whether the file ends before its film does. An index in front reads well all the same, so a probe does not notice. */
async function isTorn(ctx: Ctx, { objectKey, sizeBytes }: UploadRow): Promise<boolean> {
  let at: number | "end" | "torn" = 0;
  for (let boxes = 0; boxes < BOXES_MAX && typeof at === "number"; boxes++) {
    const header = await ctx.objects.readRange("uploads", objectKey, at, at + BOX_HEADER_BYTES - 1);
    at = header ? afterBox(header, at, sizeBytes) : "end";
  }
  return at === "torn";
}

/** Makes one object of the parts; null when that worked, or another checker did it meanwhile. */
async function join(ctx: Ctx, upload: UploadRow): Promise<Verdict | null> {
  const parts = await receivedParts(ctx, upload);
  if (!parts) return null;
  const decision = decideParts(upload, parts);
  if (!decision.ok) return { is: "unfinished", because: decision.because, facts: decision.facts };
  const joined = await ctx.objects.completeMultipart("uploads", upload.objectKey, upload.remoteId, parts);
  if (joined === "completed" || joined === "gone") return null;
  const because = joined.refused === "part_missing" ? "uploadIncomplete" : "uploadPartWrong";
  return { is: "unfinished", because, facts: { refused: joined.refused } };
}
