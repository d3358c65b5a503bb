import type { Ctx } from "../../context.ts";
import type { UploadedPart } from "../../ports/objects.ts";
import { partCountOf } from "./upload-parts.ts";
import type { UploadRow } from "./uploads.store.ts";
import type { UploadView } from "./views.ts";

/** An upload as its owner sees it. */
export function presentUpload(upload: UploadRow, received: readonly UploadedPart[] = []): UploadView {
  const { id, videoId, fileName, sizeBytes, partBytes, state, refusal } = upload;
  return {
    id,
    videoId,
    fileName,
    sizeBytes,
    partBytes,
    state,
    refusal,
    partCount: partCountOf(upload),
    received: received.map(({ partNumber, size }) => ({ partNumber, size })),
  };
}

/** The parts that the store holds; null when the store knows nothing of the upload (any more). */
export function receivedParts(ctx: Ctx, upload: UploadRow): Promise<UploadedPart[] | null> {
  return ctx.objects.listParts("uploads", upload.objectKey, upload.remoteId);
}
