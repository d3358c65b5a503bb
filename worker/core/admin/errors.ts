import { defineErrors } from "../../kernel/errors.ts";

export const adminErrors = defineErrors("admin", {
  deadLetterNotFound: {
    kind: "not_found",
    ja: "この不達メッセージは見つかりませんでした。",
    en: "We could not find this dead letter.",
  },
  alreadyReplayed: {
    kind: "conflict",
    ja: "このメッセージはすでに再送されています。",
    en: "This message has already been replayed.",
  },
});
