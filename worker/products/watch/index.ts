export * from "./schemas.ts";
export type * from "./views.ts";
export { watchErrors } from "./errors.ts";
export { watchEvents } from "./events.ts";

export { routes } from "./routes.ts";

// Channels
export { openChannel } from "./open-channel.ts";
export { myChannel } from "./my-channel.ts";
export { browseChannel } from "./browse-channel.ts";

// Uploads
export { startUpload } from "./start-upload.ts";
export { getUpload } from "./get-upload.ts";
export { presignParts } from "./presign-parts.ts";
export { completeUpload } from "./complete-upload.ts";
export { cancelUpload } from "./cancel-upload.ts";

// Studio
export { listStudioVideos } from "./list-studio-videos.ts";
export { getStudioVideo } from "./get-studio-video.ts";
export { editVideo } from "./edit-video.ts";
export { publishVideo } from "./publish-video.ts";
export { unpublishVideo } from "./unpublish-video.ts";
export { retryTranscode } from "./retry-transcode.ts";
export { deleteVideo } from "./delete-video.ts";

// Watching
export { browseVideos } from "./browse-videos.ts";
export { watchVideo } from "./watch-video.ts";
export { startPlayback } from "./start-playback.ts";
export { readPlaylist } from "./read-playlist.ts";
export { renewPlayback } from "./renew-playback.ts";
export { rememberPosition } from "./remember-position.ts";

// The house's own
export { receiveTranscoderEvent } from "./receive-transcoder-event.ts";
export { startTranscode } from "./start-transcode.ts";
export { applyTranscoderReport } from "./apply-transcoder-report.ts";
export { reconcileTranscodes } from "./reconcile-transcodes.ts";
export { sweepUploads } from "./sweep-uploads.ts";
export { purgeDeletedVideo } from "./purge-deleted-video.ts";
