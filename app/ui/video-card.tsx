import { Link } from "@remix-run/react";
import { Lock, Play } from "lucide-react";
import { useCopy, useLocale } from "#app/copy/define-copy.ts";
import { videoCopy } from "#app/copy/video.ts";
import type { VideoCard as Video } from "#worker/products/watch/views.ts";
import { channelPath, videoPath } from "./addresses.ts";
import { Badge } from "./badge.tsx";
import { formatDuration, spokenDuration } from "./format.ts";
import { Time } from "./time.tsx";

/** The picture of a video in a 16:9 frame; what has another shape stands whole on a quiet ground. `eager` for pictures in first sight. */
export function Poster({
  video,
  eager = false,
}: {
  video: Pick<Video, "posterUrl" | "durationMs" | "visibility">;
  eager?: boolean;
}) {
  const copy = useCopy(videoCopy);
  const locale = useLocale();
  return (
    <div className="relative aspect-video overflow-hidden rounded-md bg-sunken">
      {video.posterUrl ? (
        <img
          src={video.posterUrl}
          alt=""
          width={640}
          height={360}
          loading={eager ? "eager" : "lazy"}
          decoding="async"
          className="size-full object-contain transition-opacity duration-150 group-hover:opacity-90"
        />
      ) : (
        <div className="flex size-full items-center justify-center text-soft">
          <Play aria-hidden="true" className="size-8 stroke-[1.5]" />
        </div>
      )}
      {video.visibility === "members" ? (
        <Badge tone="stage" icon={<Lock aria-hidden="true" />} className="absolute top-2 left-2">
          {copy.members}
        </Badge>
      ) : null}
      {video.durationMs === null ? null : (
        <Badge tone="stage" className="figures absolute right-2 bottom-2">
          <span aria-hidden="true">{formatDuration(video.durationMs)}</span>
          <span className="sr-only">{copy.duration(spokenDuration(video.durationMs, locale))}</span>
        </Badge>
      )}
    </div>
  );
}

/** A video in a list: its picture, its title (the link, as large as the card), who made it and when. */
export function VideoCard({
  video,
  now,
  eager,
  showChannel = true,
}: {
  video: Video;
  now?: Date | undefined;
  eager?: boolean;
  showChannel?: boolean;
}) {
  const copy = useCopy(videoCopy);
  return (
    <article className="group relative flex flex-col gap-3">
      <Poster video={video} eager={eager ?? false} />
      <div className="flex min-w-0 flex-col gap-0.5">
        <h3 className="line-clamp-2 text-base leading-6">
          <Link
            to={videoPath(video.id)}
            prefetch="intent"
            viewTransition
            className="after:absolute after:inset-0 after:rounded-md group-hover:underline focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-4 focus-visible:after:outline-focus"
          >
            {video.title}
          </Link>
        </h3>
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-soft">
          {showChannel ? (
            <Link
              to={channelPath(video.channel.handle)}
              className="relative z-10 inline-flex min-h-8 max-w-full items-center hover:text-ink hover:underline"
            >
              <span className="truncate">{video.channel.name}</span>
            </Link>
          ) : null}
          {video.ageRating === "g" ? null : <Badge>{copy.ageRatings[video.ageRating]}</Badge>}
          {video.publishedAt ? <Time at={video.publishedAt} now={now} /> : null}
        </p>
      </div>
    </article>
  );
}

/** A grid of cards; the first row's pictures are fetched at once. */
export function VideoGrid({
  videos,
  now,
  showChannel = true,
}: {
  videos: readonly Video[];
  now?: Date | undefined;
  showChannel?: boolean;
}) {
  const copy = useCopy(videoCopy);
  return (
    <ul
      aria-label={copy.list}
      className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,16.5rem),1fr))] gap-x-5 gap-y-8"
    >
      {videos.map((video, index) => (
        <li key={video.id}>
          <VideoCard video={video} now={now} eager={index < 4} showChannel={showChannel} />
        </li>
      ))}
    </ul>
  );
}

/** Stands where a {@link VideoGrid} will be, in the same sizes. */
export function VideoGridSkeleton({ count = 8 }: { count?: number }) {
  return (
    <div
      aria-hidden="true"
      className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,16.5rem),1fr))] gap-x-5 gap-y-8"
    >
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="flex flex-col gap-3">
          <div className="skeleton aspect-video" />
          <div className="skeleton h-5 w-4/5" />
          <div className="skeleton h-4 w-2/5" />
        </div>
      ))}
    </div>
  );
}
