import type { Ctx } from "../../context.ts";
import type { Id } from "../../kernel/ids.ts";
import type { PresignParts, StartUpload, UploadRef, VideoRef } from "./schemas.ts";
import type { StudioVideo, UploadView } from "./views.ts";

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
export declare function startUpload(ctx: Ctx, input: StartUpload): Promise<UploadView & { resumed: boolean }>;
export declare function getUpload(ctx: Ctx, input: UploadRef): Promise<UploadView>;
export declare function presignParts(
  ctx: Ctx,
  input: PresignParts,
): Promise<{ urls: { partNumber: number; size: number; url: string }[]; expiresAt: Date }>;
export declare function completeUpload(ctx: Ctx, input: UploadRef): Promise<UploadView>;
export declare function cancelUpload(ctx: Ctx, input: UploadRef): Promise<void>;

// Studio
export { listStudioVideos } from "./list-studio-videos.ts";
export { getStudioVideo } from "./get-studio-video.ts";
export { editVideo } from "./edit-video.ts";
export { publishVideo } from "./publish-video.ts";
export { unpublishVideo } from "./unpublish-video.ts";
export declare function retryTranscode(ctx: Ctx, input: VideoRef): Promise<StudioVideo>;
export { deleteVideo } from "./delete-video.ts";

// Watching
export { browseVideos } from "./browse-videos.ts";
export { watchVideo } from "./watch-video.ts";
export { startPlayback } from "./start-playback.ts";
export { readPlaylist } from "./read-playlist.ts";
export { renewPlayback } from "./renew-playback.ts";
export { rememberPosition } from "./remember-position.ts";

// The house's own
export declare function startTranscode(ctx: Ctx, input: VideoRef): Promise<void>;
export declare function applyTranscoderReport(ctx: Ctx, input: { jobId: Id<"job"> }): Promise<void>;
export declare function reconcileTranscodes(ctx: Ctx): Promise<void>;
export declare function sweepUploads(ctx: Ctx): Promise<void>;
export declare function purgeDeletedVideo(ctx: Ctx, input: VideoRef): Promise<void>;
