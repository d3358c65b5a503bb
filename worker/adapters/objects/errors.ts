import { defineErrors } from "../../kernel/errors.ts";

/** Why files cannot be had right now. */
export const objectsErrors = defineErrors("objects", {
  unavailable: {
    kind: "upstream",
    ja: "ファイルの保管先に接続できませんでした。少し待ってから、もう一度お試しください。",
    en: "We could not reach the file store. Wait a little and try again.",
  },
});
