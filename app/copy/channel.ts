import { defineCopy } from "./define-copy.ts";

/** A channel's page. */
export const channelCopy = defineCopy({
  ja: {
    about: (name: string) => `${name}の動画です。`,
    videos: "動画",
    empty: "公開中の動画はまだありません",
    emptyText: "新しい動画が公開されると、ここに並びます。",
    toHome: "ほかの動画を見る",
    more: "次の動画を見る",
    first: "最新に戻る",
  },
  en: {
    about: (name) => `Videos by ${name}.`,
    videos: "Videos",
    empty: "No published videos yet",
    emptyText: "New videos will appear here.",
    toHome: "See other videos",
    more: "More videos",
    first: "Back to newest",
  },
});
