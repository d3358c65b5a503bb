import { data, type HeadersFunction, type MetaFunction } from "@remix-run/cloudflare";
import { Link, useLoaderData } from "@remix-run/react";
import { Pencil } from "lucide-react";
import { notFoundPage, pageLoader } from "#app/carry.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { videoCopy } from "#app/copy/video.ts";
import { watchCopy } from "#app/copy/watch.ts";
import { Player } from "#app/features/player/player.tsx";
import { LinkedText } from "#app/features/watch/linked-text.tsx";
import { LockedStage } from "#app/features/watch/locked-stage.tsx";
import { useCsrf } from "#app/root-data.ts";
import { channelPath, videoPath } from "#app/ui/addresses.ts";
import { Badge } from "#app/ui/badge.tsx";
import { LinkButton } from "#app/ui/button.tsx";
import { Time } from "#app/ui/time.tsx";
import { isId } from "#worker/kernel/ids.ts";
import type { VideoView } from "#worker/products/watch/views.ts";

/** How long a visitor's page may be kept at the edge. */
const EDGE_TTL_S = 30;
const META_LENGTH_MAX = 160;

export const loader = pageLoader(async (args) => {
  const { context, params, request } = args;
  if (!isId("video", params.id)) return notFoundPage(args);
  const { api, ctx } = context;
  const [video, { user }] = await Promise.all([
    api.watch.watchVideo(ctx, { videoId: params.id }),
    api.identity.welcome(ctx),
  ]);
  const { origin } = new URL(request.url);
  return data(
    { video, address: `${origin}${videoPath(video.id)}`, site: watchCopy[context.page.locale].site },
    { headers: cachingOf(video, user === null) },
  );
});

/** Only what everybody may find is kept for everybody; the rest is for nobody's index either. */
function cachingOf({ visibility }: VideoView, anonymous: boolean): Record<string, string> {
  const listed = visibility === "public" || visibility === "members";
  if (!listed) return { "cache-control": "private, no-store", "x-robots-tag": "noindex" };
  if (!anonymous) return { "cache-control": "private, no-store" };
  return { "cache-control": "public, max-age=0, must-revalidate", "x-hiroba-edge-ttl": String(EDGE_TTL_S) };
}

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => {
  if (!loaded) return [];
  const { video, address, site } = loaded;
  const about = (video.description || video.channel.name).replace(/\s+/g, " ").slice(0, META_LENGTH_MAX);
  const listed = video.visibility === "public" || video.visibility === "members";
  return [
    { title: `${video.title} - ${site}` },
    { name: "description", content: about },
    ...(listed ? [{ tagName: "link", rel: "canonical", href: address }] : [{ name: "robots", content: "noindex" }]),
    { property: "og:type", content: "video.other" },
    { property: "og:site_name", content: site },
    { property: "og:title", content: video.title },
    { property: "og:description", content: about },
    { property: "og:url", content: address },
    ...(video.posterUrl ? [{ property: "og:image", content: video.posterUrl }] : []),
    { name: "twitter:card", content: "summary_large_image" },
  ];
};

export default function WatchPage() {
  const { video } = useLoaderData<typeof loader>();
  const csrf = useCsrf();
  return (
    <div className="mx-auto w-full max-w-wide pb-10 sm:px-6 sm:pt-6">
      <div className="bg-stage sm:rounded-md">
        {video.playable.ok ? (
          <Player key={video.id} video={video} csrf={csrf} ownsPage />
        ) : (
          <LockedStage video={video} refusal={video.playable.refusal} />
        )}
      </div>
      <div className="px-4 sm:px-0">
        <About video={video} />
      </div>
    </div>
  );
}

function About({ video }: { video: VideoView }) {
  const copy = useCopy(watchCopy);
  const { categories, ageRatings, members } = useCopy(videoCopy);
  return (
    <>
      <header className="mt-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-80">
          <h1 className="text-xl sm:text-2xl">{video.title}</h1>
          <div className="mt-2 flex flex-wrap items-center gap-2 text-sm text-soft">
            {video.publishedAt ? <Time at={video.publishedAt} exact /> : null}
            <Badge>{categories[video.category]}</Badge>
            {video.ageRating === "g" ? null : <Badge tone="warn">{ageRatings[video.ageRating]}</Badge>}
            {video.visibility === "members" ? <Badge tone="accent">{members}</Badge> : null}
            {video.visibility === "unlisted" ? <Badge>{copy.unlisted}</Badge> : null}
            {video.visibility === "private" ? <Badge>{copy.private}</Badge> : null}
          </div>
        </div>
        {video.own ? (
          <LinkButton to={`/studio/v/${video.id}`} size="compact" icon={<Pencil aria-hidden="true" />}>
            {copy.edit}
          </LinkButton>
        ) : null}
      </header>
      <div className="mt-4 border-y border-line py-3">
        <Link
          to={channelPath(video.channel.handle)}
          prefetch="intent"
          className="inline-flex min-h-11 items-center gap-3 hover:underline"
        >
          <span
            aria-hidden="true"
            className="inline-flex size-10 shrink-0 items-center justify-center rounded-full bg-wash font-medium text-accent"
          >
            {[...video.channel.name][0]}
          </span>
          <span className="min-w-0">
            <span className="block font-medium">{video.channel.name}</span>
            <span className="block text-sm text-soft">@{video.channel.handle}</span>
          </span>
        </Link>
      </div>
      <section className="mt-4">
        <h2 className="sr-only">{copy.description}</h2>
        {video.description ? (
          <LinkedText text={video.description} />
        ) : (
          <p className="text-soft">{copy.noDescription}</p>
        )}
      </section>
    </>
  );
}
