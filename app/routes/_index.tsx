import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/cloudflare";
import { Link, type MetaFunction, useLoaderData } from "@remix-run/react";
import { Clapperboard } from "lucide-react";
import { useEffect, useRef } from "react";
import { pageLoader } from "#app/carry.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { homeCopy } from "#app/copy/home.ts";
import { shellCopy } from "#app/copy/shell.ts";
import { videoCopy } from "#app/copy/video.ts";
import { LinkButton } from "#app/ui/button.tsx";
import { classNames } from "#app/ui/class-names.ts";
import { EmptyState } from "#app/ui/empty-state.tsx";
import { LoadMore } from "#app/ui/load-more.tsx";
import { localeOfMatches, pageMeta } from "#app/ui/page-meta.ts";
import { Page } from "#app/ui/page.tsx";
import { VideoGrid } from "#app/ui/video-card.tsx";
import { systemClock } from "#worker/kernel/time.ts";
import type { Category } from "#worker/products/watch/schemas.ts";
import { browseVideosInput } from "#worker/products/watch/schemas.ts";

export const loader = pageLoader(async ({ context, request }: LoaderFunctionArgs) => {
  const search = new URL(request.url).searchParams;
  const category = browseVideosInput.shape.category.safeParse(search.get("category") ?? undefined).data;
  const cursor = browseVideosInput.shape.cursor.safeParse(search.get("cursor") ?? undefined).data;
  const videos = await context.api.watch.browseVideos(context.ctx, { category, cursor, limit: 24 });
  return { category: category ?? null, videos, now: systemClock() };
});

export const headers: HeadersFunction = () => ({
  "x-hiroba-edge-ttl": "30",
  "cache-control": "public, max-age=0, must-revalidate",
});

export const meta: MetaFunction<typeof loader> = ({ data, matches }) => {
  const locale = localeOfMatches(matches);
  const category = data?.category;
  return pageMeta(locale, {
    title: category ? homeCopy[locale].inCategory(videoCopy[locale].categories[category]) : shellCopy[locale].siteName,
  });
};

export default function Home() {
  const copy = useCopy(homeCopy);
  const { categories } = useCopy(videoCopy);
  const { category, videos, now } = useLoaderData<typeof loader>();
  return (
    <Page>
      <h1 className="text-2xl sm:text-3xl">{copy.heading}</h1>
      <CategoryFilter chosen={category} />
      <h2 className="mb-4 text-xl">{category ? copy.inCategory(categories[category]) : copy.newest}</h2>
      {videos.items.length > 0 ? <VideoGrid videos={videos.items} now={now} /> : <NoVideos category={category} />}
      <LoadMore nextCursor={videos.nextCursor} words={copy} />
    </Page>
  );
}

function CategoryFilter({ chosen }: { chosen: Category | null }) {
  const copy = useCopy(homeCopy);
  const { categories } = useCopy(videoCopy);
  const chosenChip = useChosenInSight(chosen);
  const chips = [[null, copy.all], ...Object.entries(categories)] as [Category | null, string][];
  return (
    <nav aria-label={copy.filter} className="-mx-4 my-5 overflow-x-auto px-4 py-1 sm:-mx-1 sm:px-1">
      <ul className="flex gap-2 sm:flex-wrap">
        {chips.map(([category, words]) => (
          <li key={words} className="shrink-0">
            <Link
              to={category ? `/?category=${category}` : "/"}
              ref={category === chosen ? chosenChip : undefined}
              prefetch="intent"
              preventScrollReset
              aria-current={category === chosen ? "page" : undefined}
              className={classNames(
                "inline-flex min-h-11 items-center rounded-full border px-4 text-sm transition-colors duration-150",
                category === chosen ? "border-ink bg-ink text-ground" : "border-line bg-surface hover:bg-sunken",
              )}
            >
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** On a narrow screen the chips scroll; the chosen one stays in sight. */
function useChosenInSight(chosen: Category | null) {
  const chip = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (chosen) chip.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [chosen]);
  return chip;
}

function NoVideos({ category }: { category: Category | null }) {
  const copy = useCopy(homeCopy);
  const { categories } = useCopy(videoCopy);
  return (
    <EmptyState
      icon={<Clapperboard aria-hidden="true" />}
      title={category ? copy.emptyHere(categories[category]) : copy.empty}
      action={
        category ? (
          <LinkButton to="/">{copy.seeAll}</LinkButton>
        ) : (
          <LinkButton to="/studio" variant="primary">
            {copy.upload}
          </LinkButton>
        )
      }
    >
      {category ? copy.emptyHereText : copy.emptyText}
    </EmptyState>
  );
}
