import { defineCopy } from "./define-copy.ts";

/** The plans and what they open. */
export const plansCopy = defineCopy({
  ja: {
    title: "プラン",
    lead: "広場は無料で使えます。Premiumにすると、メンバー限定の動画も見られます。",
    names: { free: "無料", premium: "Premium" },
    monthly: (price: string) => `月額 ${price}`,
    yours: "現在のプラン",
    opens: {
      watch: "公開されている動画を見る",
      upload: "チャンネルを開いて動画を公開する",
      members: "メンバー限定の動画を見る",
    },
    included: "使えます",
    notIncluded: "使えません",
    notOpen: "サイトからのお申し込みは、まだ受け付けていません",
    notOpenText: "受け付けを始めるまで、料金が発生することはありません。",
  },
  en: {
    title: "Plans",
    lead: "Hiroba is free to use. Premium adds videos made for members.",
    names: { free: "Free", premium: "Premium" },
    monthly: (price) => `${price} per month`,
    yours: "Your plan",
    opens: {
      watch: "Watch public videos",
      upload: "Open a channel and publish videos",
      members: "Watch members-only videos",
    },
    included: "Included",
    notIncluded: "Not included",
    notOpen: "You can’t subscribe on the site yet",
    notOpenText: "Nothing will be charged until subscriptions open.",
  },
});
