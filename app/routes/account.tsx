import { type LoaderFunctionArgs, redirect } from "@remix-run/cloudflare";
import { Form, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { type ReactNode } from "react";
import { pageAction, pageLoader, type ShownProblem } from "#app/carry.ts";
import { accountCopy } from "#app/copy/account.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { plansCopy } from "#app/copy/plans.ts";
import { useUser } from "#app/root-data.ts";
import { signInPath } from "#app/ui/addresses.ts";
import { Badge } from "#app/ui/badge.tsx";
import { Button, LinkButton } from "#app/ui/button.tsx";
import { Callout } from "#app/ui/callout.tsx";
import { titled } from "#app/ui/page-meta.ts";
import { Page, Section } from "#app/ui/page.tsx";
import { CsrfField, PostForm, ProblemCallout } from "#app/ui/post-form.tsx";

export const meta = titled(accountCopy, ({ title }) => ({ title }));

export const loader = pageLoader(async ({ context }: LoaderFunctionArgs) => {
  const { user } = await context.api.identity.welcome(context.ctx);
  if (!user) throw redirect(signInPath("/account"));
  return { plan: await context.api.billing.planOf(context.ctx) };
});

/** Sends the confirmation mail again. */
export const action = pageAction(async ({ context }) => {
  await context.api.identity.resendVerification(context.ctx);
  return { resent: true as const };
});

export default function Account() {
  const copy = useCopy(accountCopy);
  const { names } = useCopy(plansCopy);
  const user = useUser();
  const { plan } = useLoaderData<typeof loader>();
  const leaving = useNavigation().formAction === "/logout";
  return (
    <Page title={copy.title} width="prose">
      <Section title={copy.person}>
        <dl className="divide-y divide-line rounded-lg border border-line bg-surface">
          <Row term={copy.name}>{user?.name}</Row>
          <Row term={copy.email}>
            <Badge tone={user?.emailVerified ? "good" : "warn"}>
              {user?.emailVerified ? copy.confirmed : copy.notConfirmed}
            </Badge>
          </Row>
          <Row
            term={copy.plan}
            end={
              <LinkButton to="/plans" size="compact">
                {copy.comparePlans}
              </LinkButton>
            }
          >
            {names[plan]}
          </Row>
        </dl>
        {user?.emailVerified ? null : <Confirmation />}
      </Section>
      <Section title={copy.leave} lead={copy.leaveText}>
        <Form method="post" action="/logout">
          <CsrfField />
          <Button pending={leaving}>{leaving ? copy.signingOut : copy.signOut}</Button>
        </Form>
      </Section>
    </Page>
  );
}

function Row({ term, end, children }: { term: string; end?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <dt className="w-32 shrink-0 text-sm text-soft">{term}</dt>
      <dd className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-3">
        <span className="min-w-0">{children}</span>
        {end}
      </dd>
    </div>
  );
}

/** What to do while the address is not confirmed. */
function Confirmation() {
  const copy = useCopy(accountCopy);
  const answer = useActionData<{ resent: true } | { problem: ShownProblem }>();
  const pending = useNavigation().formAction === "/account";
  if (answer && "resent" in answer)
    return (
      <Callout tone="good" className="mt-4">
        {copy.resent}
      </Callout>
    );
  return (
    <div className="mt-4 flex flex-col gap-4">
      <ProblemCallout problem={answer?.problem} />
      <Callout
        tone="warn"
        actions={
          <PostForm>
            <Button pending={pending}>{pending ? copy.resending : copy.resend}</Button>
          </PostForm>
        }
      >
        {copy.notConfirmedText}
      </Callout>
    </div>
  );
}
