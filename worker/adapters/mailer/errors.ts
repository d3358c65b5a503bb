import { defineErrors } from "../../kernel/errors.ts";

/** Why a mail was not taken by the provider. */
export const mailerErrors = defineErrors("mailer", {
  unavailable: {
    kind: "upstream",
    ja: "メールを送信できませんでした。時間をおいて、もう一度お試しください。",
    en: "The mail could not be sent. Try again in a while.",
  },
  refused: {
    kind: "invalid",
    ja: "このメールは受け付けられませんでした。宛先のメールアドレスを確かめてください。",
    en: "The mail was not accepted. Check the address it goes to.",
  },
});
