import { defineErrors } from "../../kernel/errors.ts";

/** Why Watch refuses. The sentences are what creators and viewers read. */
export const watchErrors = defineErrors("watch", {
  videoNotFound: {
    kind: "not_found",
    ja: "この動画は見つかりませんでした。削除されたか、非公開になった可能性があります。",
    en: "We could not find this video. It may have been deleted or made private.",
  },
  channelNotFound: {
    kind: "not_found",
    ja: "このチャンネルは見つかりませんでした。",
    en: "We could not find this channel.",
  },
  channelMissing: { kind: "conflict", ja: "先にチャンネルを開設してください。", en: "Open your channel first." },
  channelExists: { kind: "conflict", ja: "チャンネルはすでに開設されています。", en: "You already have a channel." },
  handleTaken: {
    kind: "conflict",
    ja: "このハンドルはすでに使われています。別のものをお選びください。",
    en: "This handle is taken. Choose another.",
  },
  uploadNotFound: {
    kind: "not_found",
    ja: "このアップロードは見つかりませんでした。中止されたか、期限が切れています。",
    en: "We could not find this upload. It was canceled or has expired.",
  },
  uploadClosed: {
    kind: "conflict",
    ja: "このアップロードはすでに終わっています。",
    en: "This upload has already ended.",
  },
  uploadTooLarge: { kind: "too_large", ja: "ファイルが大きすぎます。", en: "The file is too large." },
  uploadEmpty: {
    kind: "invalid",
    ja: "ファイルが空です（0バイト）。別のファイルをお選びください。",
    en: "The file is empty (0 bytes). Choose another file.",
  },
  uploadIncomplete: {
    kind: "conflict",
    ja: "まだ届いていない部分があります。続きを送ってください。",
    en: "Some parts have not arrived yet. Send the rest.",
  },
  uploadPartWrong: {
    kind: "invalid",
    ja: "届いた部分が元のファイルと一致しません。その部分をもう一度送ってください。",
    en: "A part that arrived does not match the file. Send that part again.",
  },
  uploadSizeDiffers: {
    kind: "invalid",
    ja: "届いたファイルの大きさが申告と異なるため、受け付けられませんでした。もう一度アップロードしてください。",
    en: "The file that arrived differs in size from the one announced, so it was refused. Upload it again.",
  },
  uploadNotVideo: {
    kind: "invalid",
    ja: "このファイルは動画ではないため、受け付けられませんでした。MP4、MOV、WebM、MKVなどの動画をお選びください。",
    en: "This file is not a video, so it was refused. Choose a video such as MP4, MOV, WebM or MKV.",
  },
  uploadUnreadable: {
    kind: "invalid",
    ja: "動画として読み取れませんでした。途中で切れているか、壊れている可能性があります。元のファイルを再生できるか確かめてください。",
    en: "We could not read this as a video. It may be cut off or damaged. Check that the original plays.",
  },
  uploadNoPicture: {
    kind: "invalid",
    ja: "映像が入っていません（音声だけのファイルです）。映像のある動画をお選びください。",
    en: "There is no picture in this file, only sound. Choose a file with video.",
  },
  transcodeFailed: {
    kind: "invalid",
    ja: "動画の変換に失敗しました。もう一度お試しください。くり返し失敗するときは、別の形式（MP4など）に書き出してからアップロードしてください。",
    en: "Converting the video failed. Try again. If it keeps failing, export it in another format such as MP4 and upload that.",
  },
  notRetryable: {
    kind: "conflict",
    ja: "この動画は変換をやり直せる状態ではありません。",
    en: "This video is not in a state where conversion can be tried again.",
  },
  notReady: { kind: "conflict", ja: "まだ公開できる状態ではありません。", en: "This video cannot be published yet." },
  versionConflict: {
    kind: "conflict",
    ja: "ほかの画面で先に変更されています。読み込み直してから、もう一度保存してください。",
    en: "This was changed somewhere else first. Reload, then save again.",
  },
  planRequired: {
    kind: "payment_required",
    ja: "この動画はPremiumメンバー限定です。",
    en: "This video is for Premium members.",
  },
  signInRequired: {
    kind: "unauthenticated",
    ja: "この動画を見るにはサインインが必要です。",
    en: "Sign in to watch this video.",
  },
  ageRestricted: {
    kind: "forbidden",
    ja: "この動画には年齢制限があり、現在は再生できません。",
    en: "This video is age-restricted and cannot be played at present.",
  },
  notPlayable: { kind: "conflict", ja: "この動画はまだ再生できません。", en: "This video cannot be played yet." },
  grantExpired: {
    kind: "forbidden",
    ja: "再生の許可の期限が切れました。ページを読み込み直してください。",
    en: "The permission to play has expired. Reload the page.",
  },
  hookRefused: { kind: "forbidden", ja: "この通知は受け取れません。", en: "This notification is not accepted." },
});
