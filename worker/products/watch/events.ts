/** Facts that Watch announces. */
export const watchEvents = {
  sourceAccepted: "watch.source_accepted",
  transcodeRequested: "watch.transcode_requested",
  transcoderReported: "watch.transcoder_reported",
  videoReady: "watch.video_ready",
  videoPublished: "watch.video_published",
  videoUnpublished: "watch.video_unpublished",
  videoDeleted: "watch.video_deleted",
  transcodeFailed: "watch.transcode_failed",
} as const;
