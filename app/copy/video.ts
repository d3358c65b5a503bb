import { defineCopy } from "./define-copy.ts";

/** The words about videos that several pages share. The categories stand in the order in which they are offered. */
export const videoCopy = defineCopy({
  ja: {
    categories: {
      life: "くらし",
      music: "音楽",
      learning: "学び",
      craft: "ものづくり",
      sports: "スポーツ",
      travel: "旅",
      games: "ゲーム",
      news: "ニュース",
    },
    ageRatings: { g: "どなたでも", pg12: "PG12", r15: "R15+", r18: "R18+" },
    visibilities: { public: "公開", unlisted: "限定公開", members: "メンバー限定", private: "非公開" },
    members: "メンバー限定",
    duration: (spoken: string) => `再生時間 ${spoken}`,
    list: "動画の一覧",
  },
  en: {
    categories: {
      life: "Everyday life",
      music: "Music",
      learning: "Learning",
      craft: "Making",
      sports: "Sports",
      travel: "Travel",
      games: "Games",
      news: "News",
    },
    ageRatings: { g: "Everyone", pg12: "PG12", r15: "R15+", r18: "R18+" },
    visibilities: { public: "Public", unlisted: "Unlisted", members: "Members only", private: "Private" },
    members: "Members",
    duration: (spoken) => `Length: ${spoken}`,
    list: "Videos",
  },
});
