import { defineErrors } from "../../kernel/errors.ts";

export const cdnErrors = defineErrors("cdn", {
  unavailable: {
    kind: "upstream",
    ja: "配信サーバーから読み取れませんでした。時間をおいて、もう一度お試しください。",
    en: "The delivery network could not be read. Try again in a while.",
  },
});
