import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/cloudflare";
import { type MetaFunction, useLoaderData } from "@remix-run/react";
import { Clapperboard } from "lucide-react";
import { notFoundPage, pageLoader } from "#app/carry.ts";
import { channelCopy } from "#app/copy/channel.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { shellCopy } from "#app/copy/shell.ts";
import { LinkButton } from "#app/ui/button.tsx";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { LoadMore } from "#app/ui/load-more.tsx";
import { localeOfMatches, pageMeta } from "#app/ui/page-meta.ts";
import { Page, Section } from "#app/ui/page.tsx";
import { VideoGrid } from "#app/ui/video-card.tsx";
import { systemClock } from "#worker/kernel/time.ts";
import { browseChannelInput } from "#worker/products/watch/schemas.ts";

export const loader = pageLoader(async (args: LoaderFunctionArgs) => {
  const { context, params, request } = args;
  const cursor = new URL(request.url).searchParams.get("cursor") ?? undefined;
  const asked = browseChannelInput.safeParse({ handle: params["handle"], cursor });
  if (!asked.success) return notFoundPage(args);
  return { ...(await context.api.watch.browseChannel(context.ctx, asked.data)), now: systemClock() };
});

export const headers: HeadersFunction = () => ({
  "x-hiroba-edge-ttl": "30",
  "cache-control": "public, max-age=0, must-revalidate",
});

export const meta: MetaFunction<typeof loader> = ({ data, matches }) => {
  const locale = localeOfMatches(matches);
  if (!data) return pageMeta(locale, { title: shellCopy[locale].siteName });
  const { name, about } = data.channel;
  return pageMeta(locale, { title: name, description: about.slice(0, 160) || channelCopy[locale].about(name) });
};

export default function Channel() {
  const copy = useCopy(channelCopy);
  const { channel, videos, now } = useLoaderData<typeof loader>();
  return (
    <Page>
      <header className="mb-10 flex items-start gap-4 border-b border-line pb-8 sm:gap-6">
        <span
          aria-hidden="true"
          className="flex size-14 shrink-0 items-center justify-center rounded-full bg-wash text-2xl font-medium text-accent sm:size-20 sm:text-3xl"
        >
          {[...channel.name][0]?.toUpperCase()}
        </span>
        <div className="min-w-0">
          <h1 className="text-2xl sm:text-3xl">{channel.name}</h1>
          <p className="text-sm text-soft">@{channel.handle}</p>
          {channel.about ? <p className="mt-3 max-w-prose whitespace-pre-line">{channel.about}</p> : null}
        </div>
      </header>
      <Section title={copy.videos}>
        {videos.items.length > 0 ? (
          <VideoGrid videos={videos.items} now={now} showChannel={false} />
        ) : (
          <EmptyState
            icon={<Clapperboard aria-hidden="true" />}
            title={copy.empty}
            action={<LinkButton to="/">{copy.toHome}</LinkButton>}
          >
            {copy.emptyText}
          </EmptyState>
        )}
      </Section>
      <LoadMore nextCursor={videos.nextCursor} words={copy} />
    </Page>
  );
}
