import { type LoaderFunctionArgs, redirect } from "@remix-run/cloudflare";
import { useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { pageAction, pageLoader } from "#app/carry.ts";
import { authCopy } from "#app/copy/auth.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { Button, LinkButton } from "#app/ui/button.tsx";
import { titled } from "#app/ui/page-meta.ts";
import { Page } from "#app/ui/page.tsx";
import { PostForm, ProblemCallout } from "#app/ui/post-form.tsx";
import { verifyEmailInput } from "#worker/core/identity/schemas.ts";
import { parseForm } from "#worker/kernel/parse.ts";
import { sessionCookie } from "#worker/kernel/session-cookie.ts";

export const meta = titled(authCopy, ({ verify }) => ({ title: verify.title }));

/** The link itself does nothing: mail scanners open links, and must not use them up. */
export const loader = pageLoader(async ({ request }: LoaderFunctionArgs) => {
  const asked = verifyEmailInput.safeParse({ token: new URL(request.url).searchParams.get("token") });
  return { token: asked.success ? asked.data.token : null };
});

export const headers = () => ({ "referrer-policy": "no-referrer", "cache-control": "no-store" });

export const action = pageAction(async ({ context, request }) => {
  const input = parseForm(verifyEmailInput, await request.formData(), context.page.locale);
  const { token, until } = await context.api.identity.verifyEmail(context.ctx, input);
  throw redirect("/", { headers: { "set-cookie": sessionCookie(token, until) } });
});

export default function Verify() {
  const { verify } = useCopy(authCopy);
  const { token } = useLoaderData<typeof loader>();
  const answer = useActionData<{ problem: Parameters<typeof ProblemCallout>[0]["problem"] }>();
  const pending = useNavigation().formAction?.startsWith("/verify") ?? false;
  if (!token)
    return (
      <Page title={verify.broken} lead={verify.brokenText} width="form">
        <LinkButton to="/login">{verify.toSignIn}</LinkButton>
      </Page>
    );
  return (
    <Page title={verify.title} lead={answer?.problem ? undefined : verify.lead} width="form">
      <ProblemCallout problem={answer?.problem} />
      {answer?.problem?.status === 410 ? (
        <>
          <p className="my-6">{verify.expired}</p>
          <LinkButton to="/login?next=/account">{verify.toSignIn}</LinkButton>
        </>
      ) : (
        <PostForm className="mt-6">
          <input type="hidden" name="token" value={token} />
          <Button variant="primary" wide pending={pending}>
            {pending ? verify.pending : verify.submit}
          </Button>
        </PostForm>
      )}
    </Page>
  );
}
