import type { LoaderFunctionArgs } from "@remix-run/cloudflare";
import { Link, useLoaderData, useRevalidator } from "@remix-run/react";
import { Clapperboard, Play, Upload } from "lucide-react";
import { pageLoader } from "#app/carry.ts";
import { useCopy, useLocale } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { videoCopy } from "#app/copy/video.ts";
import { admitVerifiedCreator } from "#app/features/studio/creator.ts";
import { isConverting } from "#app/features/studio/poll-delay.ts";
import { percentOf } from "#app/features/studio/uploader/upload-state.ts";
import { usePolling } from "#app/features/studio/use-polling.ts";
import { useUploader } from "#app/features/studio/use-uploader.ts";
import { StateBadge } from "#app/features/studio/video-state.tsx";
import { videoPath } from "#app/ui/addresses.ts";
import { Badge } from "#app/ui/badge.tsx";
import { LinkButton } from "#app/ui/button.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { formatDuration } from "#app/ui/format.ts";
import { titled } from "#app/ui/page-meta.ts";
import { Page } from "#app/ui/page.tsx";
import { ProgressBar } from "#app/ui/progress-bar.tsx";
import { Time } from "#app/ui/time.tsx";
import type { StudioVideo } from "#worker/products/watch/views.ts";

const PAGE_SIZE = 24;

export const meta = titled(studioCopy, ({ videos, studio }) => ({ title: `${videos} - ${studio}` }));

export const loader = pageLoader(async (args: LoaderFunctionArgs) => {
  await admitVerifiedCreator(args);
  const { context, request } = args;
  const cursor = new URL(request.url).searchParams.get("cursor")?.slice(0, 500) || undefined;
  const page = await context.api.watch.listStudioVideos(context.ctx, { cursor, limit: PAGE_SIZE });
  return { page, first: cursor === undefined };
});

export default function StudioVideos() {
  const copy = useCopy(studioCopy);
  const { page, first } = useLoaderData<typeof loader>();
  const { revalidate } = useRevalidator();
  usePolling(async () => revalidate(), page.items.some(isConverting));
  const upload = (
    <LinkButton variant="primary" to="/studio/upload" icon={<Upload aria-hidden="true" />}>
      {copy.uploadAction}
    </LinkButton>
  );
  return (
    <Page title={copy.videos} lead={copy.list.lead} actions={page.items.length > 0 ? upload : null}>
      {page.items.length === 0 ? (
        <EmptyState icon={<Clapperboard aria-hidden="true" />} title={copy.list.emptyTitle} action={upload}>
          {copy.list.empty}
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {page.items.map((video, index) => (
            <VideoRow key={video.id} video={video} eager={index < 6} />
          ))}
        </ul>
      )}
      <nav className="mt-6 flex flex-wrap gap-3">
        {first ? null : <LinkButton to="/studio">{copy.list.first}</LinkButton>}
        {page.nextCursor ? (
          <LinkButton to={`/studio?cursor=${encodeURIComponent(page.nextCursor)}`}>{copy.list.more}</LinkButton>
        ) : null}
      </nav>
    </Page>
  );
}

function VideoRow({ video, eager }: { video: StudioVideo; eager: boolean }) {
  const copy = useCopy(studioCopy);
  const { visibilities } = useCopy(videoCopy);
  const title = video.title || copy.untitled;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 sm:flex-nowrap" data-testid="studio-video">
      <Thumbnail video={video} eager={eager} />
      <div className="min-w-0 flex-1 basis-48">
        <h2 className="text-base leading-snug">
          <Link
            to={`/studio/v/${video.id}`}
            prefetch="intent"
            className="inline-flex min-h-6 items-center hover:underline"
          >
            {title}
          </Link>
        </h2>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
          <StateBadge video={video} />
          <Badge>{visibilities[video.visibility]}</Badge>
          <Time at={video.publishedAt ?? video.createdAt} exact />
        </div>
        <RowProgress video={video} title={title} />
      </div>
      <div className="flex shrink-0 gap-2">
        {video.state === "published" ? (
          <LinkButton
            size="compact"
            variant="quiet"
            to={videoPath(video.id)}
            aria-label={`${copy.list.watch}: ${title}`}
          >
            {copy.list.watch}
          </LinkButton>
        ) : null}
        <LinkButton size="compact" to={`/studio/v/${video.id}`} aria-label={`${copy.list.edit}: ${title}`}>
          {copy.list.edit}
        </LinkButton>
      </div>
    </li>
  );
}

/** How far sending (from this tab) or converting is. */
function RowProgress({ video, title }: { video: StudioVideo; title: string }) {
  const copy = useCopy(studioCopy);
  const { items } = useUploader();
  const sending = items.find(({ videoId }) => videoId === video.id);
  const percent =
    video.state === "processing"
      ? video.percent
      : video.state === "uploading" && sending
        ? percentOf(sending)
        : video.state === "uploaded"
          ? null
          : undefined;
  if (percent === undefined) return null;
  return (
    <div className="mt-2 max-w-80">
      <ProgressBar percent={percent} label={copy.progressOf(title)} showPercent />
    </div>
  );
}

function Thumbnail({ video, eager }: { video: StudioVideo; eager: boolean }) {
  const locale = useLocale();
  const poster = video.posterUrls[0];
  return (
    <div className="relative aspect-video w-32 shrink-0 overflow-hidden rounded-sm bg-sunken sm:w-40">
      {poster ? (
        <img
          src={poster}
          alt=""
          width={320}
          height={180}
          loading={eager ? "eager" : "lazy"}
          decoding="async"
          className="size-full object-contain"
        />
      ) : (
        <span className="flex size-full items-center justify-center text-soft">
          <Play aria-hidden="true" className="size-6 stroke-[1.5]" />
        </span>
      )}
      {video.durationMs === null ? null : (
        <Badge tone="stage" className="figures absolute right-1 bottom-1">
          <span lang={locale}>{formatDuration(video.durationMs)}</span>
        </Badge>
      )}
    </div>
  );
}
