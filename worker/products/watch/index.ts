import type { Hono } from "hono";
import type { Ctx } from "../../context.ts";
import type { HirobaEnv } from "../../http/env.ts";
import type { Id } from "../../kernel/ids.ts";
import type { Page, PageQuery } from "../../kernel/page.ts";
import type {
  BrowseChannel,
  BrowseVideos,
  EditVideo,
  OpenChannel,
  PresignParts,
  RememberPosition,
  RenewPlayback,
  StartUpload,
  UploadRef,
  VideoRef,
} from "./schemas.ts";
import type { ChannelView, PlaybackGrant, StudioVideo, UploadView, VideoCard, VideoView } from "./views.ts";

export * from "./schemas.ts";
export type * from "./views.ts";
export { watchErrors } from "./errors.ts";
export { watchEvents } from "./events.ts";

export declare const routes: Hono<HirobaEnv>;

// Channels
export declare function openChannel(ctx: Ctx, input: OpenChannel): Promise<ChannelView>;
export declare function myChannel(ctx: Ctx): Promise<ChannelView | null>;
export declare function browseChannel(
  ctx: Ctx,
  input: BrowseChannel,
): Promise<{ channel: ChannelView; videos: Page<VideoCard> }>;

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
export declare function listStudioVideos(ctx: Ctx, input: PageQuery): Promise<Page<StudioVideo>>;
export declare function getStudioVideo(ctx: Ctx, input: VideoRef): Promise<StudioVideo>;
export declare function editVideo(ctx: Ctx, input: EditVideo): Promise<StudioVideo>;
export declare function publishVideo(ctx: Ctx, input: VideoRef): Promise<StudioVideo>;
export declare function unpublishVideo(ctx: Ctx, input: VideoRef): Promise<StudioVideo>;
export declare function retryTranscode(ctx: Ctx, input: VideoRef): Promise<StudioVideo>;
export declare function deleteVideo(ctx: Ctx, input: VideoRef): Promise<void>;

// Watching
export declare function browseVideos(ctx: Ctx, input: BrowseVideos): Promise<Page<VideoCard>>;
export declare function watchVideo(ctx: Ctx, input: VideoRef): Promise<VideoView>;
export declare function startPlayback(ctx: Ctx, input: VideoRef): Promise<PlaybackGrant>;
export declare function renewPlayback(ctx: Ctx, input: RenewPlayback): Promise<PlaybackGrant>;
export declare function rememberPosition(ctx: Ctx, input: RememberPosition): Promise<void>;

// The house's own
export declare function startTranscode(ctx: Ctx, input: VideoRef): Promise<void>;
export declare function applyTranscoderReport(ctx: Ctx, input: { jobId: Id<"job"> }): Promise<void>;
export declare function reconcileTranscodes(ctx: Ctx): Promise<void>;
export declare function sweepUploads(ctx: Ctx): Promise<void>;
export declare function purgeDeletedVideo(ctx: Ctx, input: VideoRef): Promise<void>;
