import type { Drawing } from "./publish-film.ts";

export type DemoFilm = {
  fileName: string;
  drawing: Omit<Drawing, "file">;
  title: string;
  description: string;
  category: string;
  visibility: "public" | "members";
};

/** Three films: a wide one, one held upright by a phone, and one for members. */
export const demoFilms: readonly DemoFilm[] = [
  {
    fileName: "color-bars.mp4",
    drawing: { seconds: 20, width: 1280, height: 720, pattern: "bars", tone: 440 },
    title: "色と時間の練習帳",
    description: "テスト映像の色、動き、音を20秒で確かめます。\nA 20-second study of colour, motion and sound.",
    category: "learning",
    visibility: "public",
  },
  {
    fileName: "upright-plasma.mp4",
    drawing: { seconds: 12, width: 1280, height: 720, rotation: 90, pattern: "plasma", tone: 330 },
    title: "たて長の光",
    description:
      "スマートフォンで縦に撮った映像のように、向きの情報を持つ動画です。\nStored sideways and shown upright, as phones do it.",
    category: "life",
    visibility: "public",
  },
  {
    fileName: "fractal-walk.mp4",
    drawing: { seconds: 12, width: 854, height: 480, framesPerSecond: 24, pattern: "fractal", tone: 220 },
    title: "フラクタル散歩",
    description: "Premiumメンバーの方だけがご覧になれます。\nFor Premium members only.",
    category: "craft",
    visibility: "members",
  },
];
