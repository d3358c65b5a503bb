import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/cloudflare";
import { useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { X } from "lucide-react";
import { pageAction, pageLoader } from "#app/carry.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { studioCopy } from "#app/copy/studio.ts";
import { admitCreator } from "#app/features/studio/creator.ts";
import { DropZone } from "#app/features/studio/drop-zone.tsx";
import { UploadRow } from "#app/features/studio/upload-row.tsx";
import { useOpenUploads, useUploader } from "#app/features/studio/use-uploader.ts";
import { Button, IconButton, LinkButton } from "#app/ui/button.tsx";
import { Callout } from "#app/ui/callout.tsx";
import { TextField } from "#app/ui/field.tsx";
import { titled } from "#app/ui/page-meta.ts";
import { Page, Section } from "#app/ui/page.tsx";
import { issueOf, PostForm, ProblemCallout } from "#app/ui/post-form.tsx";
import { parseForm } from "#worker/kernel/parse.ts";
import { openChannelInput } from "#worker/products/watch/schemas.ts";

export const meta = titled(studioCopy, ({ uploading, studio }) => ({ title: `${uploading.title} - ${studio}` }));

export const loader = pageLoader(async (args: LoaderFunctionArgs) => {
  const { verified } = await admitCreator(args);
  const { api, ctx } = args.context;
  const channel = verified ? await api.watch.myChannel(ctx) : null;
  return { verified, channel };
});

export const action = pageAction(async (args: ActionFunctionArgs) => {
  const { context, request } = args;
  const input = parseForm(openChannelInput, await request.formData(), context.page.locale);
  await context.api.watch.openChannel(context.ctx, input);
  throw redirect("/studio/upload");
});

export default function UploadPage() {
  const copy = useCopy(studioCopy);
  const { verified, channel } = useLoaderData<typeof loader>();
  if (!verified)
    return (
      <Page title={copy.uploading.title} width="prose">
        <Callout
          tone="warn"
          title={copy.verify.title}
          actions={<LinkButton to="/account">{copy.verify.action}</LinkButton>}
        >
          {copy.verify.text}
        </Callout>
      </Page>
    );
  return channel ? <Uploads /> : <OpenChannel />;
}

function OpenChannel() {
  const { channel: copy } = useCopy(studioCopy);
  const problem = useActionData<typeof action>()?.problem;
  const pending = useNavigation().state !== "idle";
  return (
    <Page title={copy.title} lead={copy.lead} width="prose">
      <PostForm problem={problem} className="flex max-w-form flex-col gap-5">
        <ProblemCallout problem={problem} />
        <TextField
          name="handle"
          label={copy.handle}
          hint={copy.handleHint}
          error={issueOf(problem, "handle") ?? (problem?.code === "watch.handle_taken" ? problem.message : undefined)}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          minLength={3}
          maxLength={30}
          required
        />
        <TextField
          name="name"
          label={copy.name}
          hint={copy.nameHint}
          error={issueOf(problem, "name")}
          autoComplete="off"
          maxLength={50}
          required
        />
        <Button variant="primary" pending={pending} className="self-start">
          {copy.open}
        </Button>
      </PostForm>
    </Page>
  );
}

function Uploads() {
  const { uploading: copy } = useCopy(studioCopy);
  const { items, uploader } = useUploader();
  return (
    <Page title={copy.title} lead={copy.lead} width="prose">
      <DropZone onFiles={(files) => uploader()?.add(files)} />
      <Unfinished />
      {items.length === 0 ? null : (
        <Section title={copy.queue} className="mt-8">
          <ul className="flex flex-col gap-3">
            {items.map((item) => (
              <UploadRow key={item.key} item={item} uploader={uploader} />
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

function Unfinished() {
  const { uploading: copy } = useCopy(studioCopy);
  const { items } = useUploader();
  const { open, forget } = useOpenUploads(items);
  if (open.length === 0) return null;
  return (
    <Callout title={copy.continueTitle} className="mt-6">
      <ul>
        {open.map(({ fingerprint, fileName }) => (
          <li key={fingerprint} className="flex items-center justify-between gap-3">
            <span>{copy.continueOne(fileName)}</span>
            <IconButton label={`${copy.forget}: ${fileName}`} onClick={() => forget(fingerprint)}>
              <X aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
    </Callout>
  );
}
