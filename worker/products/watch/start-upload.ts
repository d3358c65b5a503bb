import type { Ctx } from "../../context.ts";
import { AppError, houseErrors } from "../../kernel/errors.ts";
import type { Id } from "../../kernel/ids.ts";
import { addMs } from "../../kernel/time.ts";
import { watchErrors } from "./errors.ts";
import { type StartUpload, TITLE_LENGTH_MAX } from "./schemas.ts";
import { declaredType, partBytesOf, sourceKeyOf, titleOf, UPLOAD_LIFE_MS } from "./upload-parts.ts";
import { presentUpload, receivedParts } from "./upload-presenter.ts";
import * as store from "./uploads.store.ts";
import type { UploadView } from "./views.ts";

/**
 * Opens the way for a file, and with it the video that it will become. Choosing the same file again goes on with what has arrived
 * (`resumed`); of two tabs that start at once, both get the same upload. Throws `watch.channel_missing`, `watch.upload_empty`,
 * `watch.upload_too_large`.
 */
export async function startUpload(ctx: Ctx, input: StartUpload): Promise<UploadView & { resumed: boolean }> {
  const creator = ctx.authorize("watch:upload");
  const { uploadBytesMax } = ctx.settings;
  if (input.sizeBytes === 0) throw watchErrors.uploadEmpty();
  if (input.sizeBytes > uploadBytesMax) throw watchErrors.uploadTooLarge({ facts: { maxBytes: uploadBytesMax } });
  const start = await ctx.read((db) => store.findStart(db, creator.userId, input.fingerprint));
  if (!start) throw watchErrors.channelMissing();
  const resumed = start.upload && (await resume(ctx, start.upload, input.sizeBytes));
  if (resumed) return resumed;

  const { upload, contentType } = planUpload(ctx, creator.userId, input);
  const { uploadId: remoteId } = await ctx.objects.createMultipart("uploads", upload.objectKey, contentType);
  const fresh = { ...upload, remoteId, contentType, fingerprint: input.fingerprint };
  try {
    await open(ctx, start, fresh);
  } catch (error) {
    ctx.later(ctx.objects.abortMultipart("uploads", upload.objectKey, remoteId));
    const winner = await winnerOf(ctx, creator.userId, input, error);
    if (winner) return winner;
    throw error;
  }
  const stale = start.upload;
  if (stale) ctx.later(ctx.objects.abortMultipart("uploads", stale.objectKey, stale.remoteId));
  return { ...presentUpload(fresh), resumed: false };
}

type Start = NonNullable<Awaited<ReturnType<typeof store.findStart>>>;
type Fresh = store.UploadRow & { contentType: string; fingerprint: string };

/** Writes video and upload down; an upload of the same file that can no longer go on makes room. */
function open(ctx: Ctx, { channelId, upload: stale }: Start, fresh: Fresh): Promise<void> {
  const now = ctx.now();
  const dates = { createdAt: now, updatedAt: now };
  return ctx.write(
    (w) => [
      ...(stale
        ? [
            w.guard(store.cancel(w.db, stale.id, now), houseErrors.conflict),
            store.moveUploadingVideo(w.db, stale.videoId, { state: "deleted" }, now),
          ]
        : []),
      store.insertVideo(w.db, {
        id: fresh.videoId,
        channelId,
        ownerId: fresh.ownerId,
        title: titleOf(fresh.fileName, TITLE_LENGTH_MAX),
        category: "life",
        state: "uploading",
        ...dates,
      }),
      store.insertUpload(w.db, { ...fresh, ...dates }),
      w.record("watch.upload.start", {
        target: fresh.id,
        changes: { videoId: fresh.videoId, sizeBytes: fresh.sizeBytes },
      }),
    ],
    { uploads_resumable: houseErrors.conflict },
  );
}

function planUpload(ctx: Ctx, ownerId: Id<"user">, { fileName, sizeBytes, contentType }: StartUpload) {
  const id = ctx.newId("upload");
  const upload = {
    id,
    ownerId,
    videoId: ctx.newId("video"),
    objectKey: sourceKeyOf(id),
    fileName,
    sizeBytes,
    partBytes: partBytesOf(sizeBytes),
    state: "receiving",
    refusal: null,
    checkingUntil: null,
    expiresAt: addMs(ctx.now(), UPLOAD_LIFE_MS),
  } as const;
  return { upload, contentType: declaredType(contentType) };
}

/** Goes on with an upload that is under way; null when it cannot be: another size, too old, or gone from the store. */
async function resume(ctx: Ctx, upload: store.UploadRow, sizeBytes: number) {
  if (upload.state === "checking") return { ...presentUpload(upload), resumed: true };
  if (upload.sizeBytes !== sizeBytes || upload.expiresAt <= ctx.now()) return null;
  const received = await receivedParts(ctx, upload);
  return received && { ...presentUpload(upload, received), resumed: true };
}

/** What the other tab started, when it was that which came first. */
async function winnerOf(ctx: Ctx, ownerId: Id<"user">, input: StartUpload, error: unknown) {
  if (!AppError.is(error) || error.code !== houseErrors.conflict.code) return null;
  const again = await ctx.read((db) => store.findStart(db, ownerId, input.fingerprint));
  return again?.upload ? resume(ctx, again.upload, input.sizeBytes) : null;
}
