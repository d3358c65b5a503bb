import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/cloudflare";
import { useActionData, useLoaderData, useNavigation, useRevalidator } from "@remix-run/react";
import { useState } from "react";
import { notFoundPage, pageAction, pageLoader, type ShownProblem } from "#app/carry.ts";
import { useCopy, useLocale } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { Player } from "#app/features/player/player.tsx";
import { admitVerifiedCreator } from "#app/features/studio/creator.ts";
import { DeleteVideo } from "#app/features/studio/delete-video.tsx";
import { DetailsForm } from "#app/features/studio/details-form.tsx";
import { isConverting } from "#app/features/studio/poll-delay.ts";
import { PublishingPanel } from "#app/features/studio/publishing-panel.tsx";
import { usePolling } from "#app/features/studio/use-polling.ts";
import { useCsrf } from "#app/root-data.ts";
import { Callout } from "#app/ui/callout.tsx";
import { formatBytes, formatDuration } from "#app/ui/format.ts";
import { titled } from "#app/ui/page-meta.ts";
import { Page, Section } from "#app/ui/page.tsx";
import { ProblemCallout } from "#app/ui/post-form.tsx";
import { Breadcrumbs } from "#app/ui/work-area.tsx";
import { isId } from "#worker/kernel/ids.ts";
import { parse } from "#worker/kernel/parse.ts";
import { editVideoInput } from "#worker/products/watch/schemas.ts";
import type { StudioVideo } from "#worker/products/watch/views.ts";

export const meta = titled(studioCopy, ({ edit, studio }) => ({ title: `${edit.details} - ${studio}` }));

export const loader = pageLoader(async (args: LoaderFunctionArgs) => {
  await admitVerifiedCreator(args);
  const { context, params } = args;
  if (!isId("video", params.id)) return notFoundPage(args);
  return { video: await context.api.watch.getStudioVideo(context.ctx, { videoId: params.id }) };
});

export const action = pageAction(async (args: ActionFunctionArgs) => {
  const { context, params, request } = args;
  if (!isId("video", params.id)) return notFoundPage(args);
  const { api, ctx } = context;
  const form = await request.formData();
  const intent = form.get("intent");
  const ref = { videoId: params.id };
  if (intent === "delete") {
    await api.watch.deleteVideo(ctx, ref);
    throw redirect("/studio");
  }
  if (intent === "publish") return done(intent, await api.watch.publishVideo(ctx, ref));
  if (intent === "unpublish") return done(intent, await api.watch.unpublishVideo(ctx, ref));
  if (intent === "retry") return done(intent, await api.watch.retryTranscode(ctx, ref));
  const input = parse(editVideoInput, { ...ref, ...editedFields(form) }, context.page.locale);
  return done("save", await api.watch.editVideo(ctx, input));
});

type Answer = { done?: Done; problem?: ShownProblem };
type Done = { intent: "save" | "publish" | "unpublish" | "retry"; state: StudioVideo["state"]; version: number };

const done = (intent: Done["intent"], { state, version }: StudioVideo): { done: Done } => ({
  done: { intent, state, version },
});

/** The form's fields as the schema wants them. An empty description is one that was taken away, so it stays in. */
function editedFields(form: FormData): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of ["title", "description", "category", "ageRating", "visibility"])
    if (form.has(name)) fields[name] = form.get(name);
  for (const name of ["version", "posterIndex"]) if (form.has(name)) fields[name] = Number(form.get(name));
  return fields;
}

export default function StudioVideoPage() {
  const { video } = useLoaderData<typeof loader>();
  return <Editor key={video.id} video={video} />;
}

function Editor({ video }: { video: StudioVideo }) {
  const copy = useCopy(studioCopy);
  const csrf = useCsrf();
  const answer: Answer | undefined = useActionData<typeof action>();
  const { revalidate } = useRevalidator();
  usePolling(async () => revalidate(), isConverting(video));
  const version = useFormVersion(video.version, answer?.done?.version);
  const intent = useNavigation().formData?.get("intent");
  const pending = typeof intent === "string" ? intent : null;
  const title = video.title || copy.untitled;
  const problem = answer?.problem;
  const ofForm = problem !== undefined && belongsToForm(problem);
  return (
    <Page>
      <Breadcrumbs crumbs={[{ label: copy.videos, to: "/studio" }, { label: title }]} />
      <h1 className="mb-6 text-2xl">{title}</h1>
      {ofForm ? null : <ProblemCallout problem={problem} className="mb-6" />}
      {answer?.done ? <Callout tone="good" title={doneWords(answer.done, copy)} className="mb-6" /> : null}
      <div className="grid gap-8 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <section className="min-w-0 max-xl:order-2">
          <h2 className="sr-only">{copy.edit.details}</h2>
          <DetailsForm
            video={video}
            version={version}
            problem={ofForm ? problem : undefined}
            pending={pending === "save"}
          />
          <Section title={copy.edit.danger} lead={copy.edit.dangerText} className="mt-12 border-t border-line pt-8">
            <DeleteVideo title={title} pending={pending === "delete"} />
          </Section>
        </section>
        <aside className="flex min-w-0 flex-col gap-6 max-xl:order-1" aria-label={copy.edit.publishing}>
          <PublishingPanel video={video} pending={pending} />
          <Preview video={video} csrf={csrf} />
          <Facts video={video} />
        </aside>
      </div>
    </Page>
  );
}

/** What the details form shows itself; the rest stands above the page. */
function belongsToForm({ issues, code }: ShownProblem): boolean {
  return issues.length > 0 || code === "watch.version_conflict";
}

/** The version that the form's values come from: it moves with one's own actions only, never with what others change meanwhile. */
function useFormVersion(loaded: number, own: number | undefined): number {
  const [version, setVersion] = useState(loaded);
  const [seen, setSeen] = useState(own);
  if (own !== seen) {
    setSeen(own);
    if (own !== undefined) setVersion(own);
  }
  return version;
}

function doneWords({ intent, state }: Done, { edit }: (typeof studioCopy)["ja"]): string {
  if (intent === "publish") return state === "published" ? edit.publishedNow : edit.willPublish;
  return { save: edit.saved, unpublish: edit.unpublished, retry: edit.retried }[intent];
}

function Preview({ video, csrf }: { video: StudioVideo; csrf: string }) {
  const { edit: copy } = useCopy(studioCopy);
  const playable = video.state === "ready" || video.state === "published";
  const posterUrl = video.posterUrls[video.posterIndex] ?? video.posterUrls[0] ?? null;
  return (
    <section>
      <h2 className="mb-2 text-sm font-medium">{copy.preview}</h2>
      {playable ? (
        <div className="bg-stage sm:rounded-md">
          <Player video={{ ...video, posterUrl, resumeMs: null }} csrf={csrf} />
        </div>
      ) : (
        <div className="flex aspect-video items-center justify-center rounded-md bg-sunken p-4 text-center text-sm text-soft">
          {copy.notYet}
        </div>
      )}
    </section>
  );
}

function Facts({ video }: { video: StudioVideo }) {
  const { edit: copy } = useCopy(studioCopy);
  const locale = useLocale();
  const rows = [
    video.durationMs === null ? null : [copy.length, formatDuration(video.durationMs)],
    video.width && video.height ? [copy.size, `${video.width} × ${video.height}`] : null,
    video.upload ? [copy.file, `${video.upload.fileName} (${formatBytes(video.upload.sizeBytes, locale)})`] : null,
  ].filter((row) => row !== null);
  if (rows.length === 0) return null;
  return (
    <dl className="text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-4 border-t border-line py-2 last:border-b">
          <dt className="text-soft">{name}</dt>
          <dd className="figures min-w-0 text-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
