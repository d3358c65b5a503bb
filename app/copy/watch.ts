import { defineCopy } from "./define-copy.ts";

/** The page of one video. */
export const watchCopy = defineCopy({
  ja: {
    site: "広場 Hiroba",
    videoBy: (channel: string) => `${channel}の動画`,
    published: "公開日",
    channel: "チャンネル",
    description: "説明",
    noDescription: "説明はありません。",
    unlisted: "限定公開",
    private: "非公開",
    edit: "この動画を編集",
    refusals: {
      "watch.sign_in_required": {
        title: "サインインすると続きへ進めます",
        message: "この動画はメンバー限定です。見るにはサインインが必要です。",
      },
      "watch.plan_required": {
        title: "Premiumメンバー限定の動画です",
        message: "Premiumプランに加入すると、この動画を含むメンバー限定の動画をすべてご覧いただけます。",
      },
      "watch.age_restricted": {
        title: "年齢制限のある動画です",
        message: "R18+の動画は、現在どなたにも再生していただけません。",
      },
      "watch.not_playable": {
        title: "まだ再生できません",
        message: "動画の準備が終わっていません。終わりしだい、ここで再生できます。",
      },
    },
    toSignIn: "サインインする",
    toPlans: "プランを見る",
    toStudio: "スタジオで確かめる",
    toHome: "ほかの動画を見る",
  },
  en: {
    site: "Hiroba",
    videoBy: (channel) => `A video by ${channel}`,
    published: "Published",
    channel: "Channel",
    description: "Description",
    noDescription: "There is no description.",
    unlisted: "Unlisted",
    private: "Private",
    edit: "Edit this video",
    refusals: {
      "watch.sign_in_required": {
        title: "Sign in to continue",
        message: "This video is for members. You need to be signed in to watch it.",
      },
      "watch.plan_required": {
        title: "For Premium members",
        message: "With Premium you can watch this and every other members-only video.",
      },
      "watch.age_restricted": {
        title: "This video is age-restricted",
        message: "R18+ videos cannot be played by anyone at present.",
      },
      "watch.not_playable": {
        title: "Not ready to play yet",
        message: "This video is still being prepared. It will play here once it is ready.",
      },
    },
    toSignIn: "Sign in",
    toPlans: "See plans",
    toStudio: "Check in the studio",
    toHome: "Find other videos",
  },
});
