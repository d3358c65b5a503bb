import type { Ctx } from "../../context.ts";
import { watchErrors } from "./errors.ts";
import type { UploadRef } from "./schemas.ts";
import { presentUpload, receivedParts } from "./upload-presenter.ts";
import * as store from "./uploads.store.ts";
import type { UploadView } from "./views.ts";

/** An upload with the parts that have arrived, as the store holds them: what is not listed is to be sent. Throws `watch.upload_not_found`. */
export async function getUpload(ctx: Ctx, { uploadId }: UploadRef): Promise<UploadView> {
  const creator = ctx.authorize("watch:upload");
  const upload = await ctx.read((db) => store.findOwn(db, creator.userId, uploadId));
  if (!upload || upload.state === "canceled") throw watchErrors.uploadNotFound();
  if (upload.state !== "receiving") return presentUpload(upload);
  const received = await receivedParts(ctx, upload);
  if (!received) throw watchErrors.uploadNotFound();
  return presentUpload(upload, received);
}
