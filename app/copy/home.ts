import { defineCopy } from "./define-copy.ts";

/** The front page. */
export const homeCopy = defineCopy({
  ja: {
    heading: "見る人と作る人の、静かな広場。",
    newest: "新着の動画",
    inCategory: (category: string) => `${category}の新着`,
    filter: "カテゴリーでしぼり込む",
    all: "すべて",
    more: "次の動画を見る",
    first: "最新に戻る",
    empty: "まだ動画がありません",
    emptyText: "最初の一本を公開してみませんか。",
    emptyHere: (category: string) => `「${category}」の動画はまだありません`,
    emptyHereText: "ほかのカテゴリーもご覧ください。",
    upload: "動画をアップロードする",
    seeAll: "すべての動画を見る",
  },
  en: {
    heading: "A quiet square for people who watch and people who make.",
    newest: "Newest videos",
    inCategory: (category) => `New in ${category}`,
    filter: "Filter by category",
    all: "All",
    more: "More videos",
    first: "Back to newest",
    empty: "No videos yet",
    emptyText: "Yours could be the first.",
    emptyHere: (category) => `Nothing in ${category} yet`,
    emptyHereText: "Have a look at the other categories.",
    upload: "Upload a video",
    seeAll: "See all videos",
  },
});
