import type { Ctx } from "#worker/context.ts";
import { type Api, api } from "#worker/api.ts";
import type { Id } from "#worker/kernel/ids.ts";

export type Subscription = {
  /** Name of the consumer: part of the inbox key, so it never changes. */
  consumer: string;
  react: (ctx: Ctx, subjectId: string) => Promise<void>;
};

const video =
  (react: (a: Api) => (ctx: Ctx, input: { videoId: Id<"video"> }) => Promise<void>) => (ctx: Ctx, subjectId: string) =>
    react(api)(ctx, { videoId: subjectId as Id<"video"> });

/** Which verbs react to which event. A verb re-reads the present truth; the event is only a wake-up. */
export const subscriptions: Readonly<Record<string, readonly Subscription[]>> = {
  "identity.verification_requested": [
    {
      consumer: "identity.send_verification_mail",
      react: (ctx, id) => api.identity.sendVerificationMail(ctx, { tokenId: id as Id<"token"> }),
    },
  ],
  "identity.registration_repeated": [
    {
      consumer: "identity.send_registration_notice",
      react: (ctx, id) => api.identity.sendRegistrationNotice(ctx, { userId: id as Id<"user"> }),
    },
  ],
  "watch.source_accepted": [{ consumer: "watch.start_transcode", react: video((a) => a.watch.startTranscode) }],
  "watch.transcode_requested": [{ consumer: "watch.start_transcode", react: video((a) => a.watch.startTranscode) }],
  "watch.transcoder_reported": [
    {
      consumer: "watch.apply_transcoder_report",
      react: (ctx, id) => api.watch.applyTranscoderReport(ctx, { jobId: id as Id<"job"> }),
    },
  ],
  "watch.video_deleted": [{ consumer: "watch.purge_deleted_video", react: video((a) => a.watch.purgeDeletedVideo) }],
};
