import { defineErrors } from "../../kernel/errors.ts";

/** Why Identity refuses. Nothing here says whether an address is known. */
export const identityErrors = defineErrors("identity", {
  wrongCredentials: {
    kind: "unauthenticated",
    ja: "メールアドレスまたはパスワードが違います。",
    en: "The e-mail address or the password is wrong.",
  },
  tooManyFailures: {
    kind: "limited",
    ja: "サインインの失敗が続いたため、しばらくお待ちください。",
    en: "Too many failed sign-ins. Wait a while and try again.",
  },
  linkInvalid: {
    kind: "gone",
    ja: "このリンクは使えません。期限が切れたか、すでに使われています。",
    en: "This link no longer works. It has expired or was already used.",
  },
  refreshInvalid: { kind: "unauthenticated", ja: "もう一度サインインしてください。", en: "Sign in again." },
});
