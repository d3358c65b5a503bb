import type { AgeRating, UploadState, VideoState, Visibility } from "#db/schema/watch.ts";
import type { Id } from "../../kernel/ids.ts";
import type { Category } from "./schemas.ts";

/** A channel as anyone sees it. */
export type ChannelView = { id: Id<"channel">; handle: string; name: string; about: string };

/** A video on a card. */
export type VideoCard = {
  id: Id<"video">;
  title: string;
  category: Category;
  ageRating: AgeRating;
  visibility: Visibility;
  durationMs: number | null;
  width: number | null;
  height: number | null;
  /** On the CDN, unsigned; null while there is none. */
  posterUrl: string | null;
  publishedAt: Date | null;
  channel: { handle: string; name: string };
};

/** A published video on its own page. */
export type VideoView = VideoCard & {
  description: string;
  channel: ChannelView;
  /** Whether this viewer may play it now; when not, `refusal` is the code that says why. */
  playable:
    | { ok: true }
    | {
        ok: false;
        refusal: "watch.sign_in_required" | "watch.plan_required" | "watch.age_restricted" | "watch.not_playable";
      };
  /** Where this viewer left off, when that is worth going back to. */
  resumeMs: number | null;
  /** Whether the viewer is the creator. */
  own: boolean;
};

/** A video as its creator sees it. */
export type StudioVideo = {
  id: Id<"video">;
  version: number;
  title: string;
  description: string;
  category: Category;
  ageRating: AgeRating;
  visibility: Visibility;
  state: VideoState;
  /** Error code of a failure, e.g. `watch.transcode_failed`; its sentence is in the error catalogue. */
  stateReason: string | null;
  publishWhenReady: boolean;
  publishedAt: Date | null;
  createdAt: Date;
  durationMs: number | null;
  width: number | null;
  height: number | null;
  /** Percent of the conversion, while it runs. */
  percent: number | null;
  posterIndex: number;
  /** Signed, for the creator's eyes; empty until captured. */
  posterUrls: string[];
  upload: UploadView | null;
};

/** A file on its way. */
export type UploadView = {
  id: Id<"upload">;
  videoId: Id<"video">;
  fileName: string;
  sizeBytes: number;
  partBytes: number;
  partCount: number;
  state: UploadState;
  /** Error code of a refusal. */
  refusal: string | null;
  /** Part numbers that have arrived, with their size. */
  received: { partNumber: number; size: number }[];
};

/** Permission to play one video for ten minutes. */
export type PlaybackGrant = {
  playbackId: Id<"playback">;
  videoId: Id<"video">;
  /** Opaque, signed; also the key of the playlist's address. */
  grant: string;
  /** Multivariant HLS playlist, on this host. */
  playlistUrl: string;
  expiresAt: Date;
  /** When to renew: at 80 % of the grant's life. */
  renewAt: Date;
  /** Query string that each CDN URL of this video carries; renewed with the grant. */
  cdnQuery: string;
  /** Frames for the seek bar: `url` with `{n}` for the number from 0 in seven digits, unsigned (append `cdnQuery`). */
  storyboard: { url: string; intervalS: number; width: number; height: number; count: number } | null;
  durationMs: number | null;
  resumeMs: number | null;
};
