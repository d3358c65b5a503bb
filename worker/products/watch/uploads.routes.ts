import { Hono } from "hono";
import { access } from "../../http/access.ts";
import type { HirobaEnv } from "../../http/env.ts";
import { body, params } from "../../http/validate.ts";
import { cancelUpload } from "./cancel-upload.ts";
import { completeUpload } from "./complete-upload.ts";
import { getUpload } from "./get-upload.ts";
import { presignParts } from "./presign-parts.ts";
import { retryTranscode } from "./retry-transcode.ts";
import { presignPartsInput, startUploadInput, uploadRef, videoRef } from "./schemas.ts";
import { startUpload } from "./start-upload.ts";

const partNumbers = presignPartsInput.omit({ uploadId: true });

/** Files on their way in, and their conversion. */
export const uploadRoutes = new Hono<HirobaEnv>()
  .post("/api/v1/uploads", access("member"), body(startUploadInput), async (c) => {
    const upload = await startUpload(c.var.ctx, c.req.valid("json"));
    return c.json(upload, upload.resumed ? 200 : 201, { location: `/api/v1/uploads/${upload.id}` });
  })
  .get("/api/v1/uploads/:uploadId", access("member"), params(uploadRef), async (c) =>
    c.json(await getUpload(c.var.ctx, c.req.valid("param")), 200, { "cache-control": "no-store" }),
  )
  .post("/api/v1/uploads/:uploadId/part-urls", access("member"), params(uploadRef), body(partNumbers), async (c) =>
    c.json(await presignParts(c.var.ctx, { ...c.req.valid("param"), ...c.req.valid("json") }), 200, {
      "cache-control": "no-store",
    }),
  )
  .post("/api/v1/uploads/:uploadId/complete", access("member"), params(uploadRef), async (c) =>
    c.json(await completeUpload(c.var.ctx, c.req.valid("param"))),
  )
  .delete("/api/v1/uploads/:uploadId", access("member"), params(uploadRef), async (c) => {
    await cancelUpload(c.var.ctx, c.req.valid("param"));
    return c.body(null, 204);
  })
  .post("/api/v1/videos/:videoId/retry", access("member"), params(videoRef), async (c) =>
    c.json(await retryTranscode(c.var.ctx, c.req.valid("param"))),
  );
