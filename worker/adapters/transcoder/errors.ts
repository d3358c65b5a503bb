import { defineErrors } from "../../kernel/errors.ts";

/** Why nothing can be converted right now. */
export const transcoderErrors = defineErrors("transcoder", {
  unavailable: {
    kind: "upstream",
    ja: "動画の変換サービスに接続できませんでした。少し待ってから、もう一度お試しください。",
    en: "We could not reach the video conversion service. Wait a little and try again.",
  },
});
