import { type LoaderFunctionArgs, redirect } from "@remix-run/cloudflare";
import { Link, useActionData, useNavigation } from "@remix-run/react";
import { MailCheck } from "lucide-react";
import { useEffect, useRef } from "react";
import { pageAction, pageLoader } from "#app/carry.ts";
import { authCopy } from "#app/copy/auth.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { keepTyped } from "#app/keep-typed.ts";
import { Button, LinkButton } from "#app/ui/button.tsx";
import { TextField } from "#app/ui/field.tsx";
import { titled } from "#app/ui/page-meta.ts";
import { Page } from "#app/ui/page.tsx";
import { PasswordField } from "#app/ui/password-field.tsx";
import { issueOf, PostForm, ProblemCallout } from "#app/ui/post-form.tsx";
import { registerInput } from "#worker/core/identity/schemas.ts";
import { parseForm } from "#worker/kernel/parse.ts";

export const meta = titled(authCopy, ({ signup }) => ({ title: signup.title }));

export const loader = pageLoader(async ({ context }: LoaderFunctionArgs) => {
  const { user } = await context.api.identity.welcome(context.ctx);
  if (user) throw redirect("/");
  return null;
});

/** The answer is the same for known and unknown addresses. */
export const action = keepTyped(
  pageAction(async ({ context, request }) => {
    const input = parseForm(registerInput, await request.formData(), context.page.locale);
    await context.api.identity.register(context.ctx, { ...input, locale: context.page.locale });
    return { sentTo: input.email };
  }),
  ["name", "email"],
);

export default function SignUp() {
  const answer = useActionData<typeof action>();
  if (answer && "sentTo" in answer) return <Sent email={answer.sentTo} />;
  return <SignUpForm refused={answer} />;
}

type Answer = ReturnType<typeof useActionData<typeof action>>;

function SignUpForm({ refused }: { refused: Exclude<Answer, { sentTo: string }> }) {
  const { email, signup } = useCopy(authCopy);
  const pending = useNavigation().formAction === "/signup";
  const problem = refused?.problem;
  return (
    <Page title={signup.title} lead={signup.lead} width="form">
      <PostForm problem={problem} className="flex flex-col gap-5">
        <ProblemCallout problem={problem} />
        <TextField
          label={signup.name}
          hint={signup.nameHint}
          name="name"
          autoComplete="nickname"
          required
          defaultValue={refused?.typed["name"]}
          error={issueOf(problem, "name")}
        />
        <TextField
          label={email}
          hint={signup.emailHint}
          name="email"
          type="email"
          inputMode="email"
          autoComplete="username"
          required
          defaultValue={refused?.typed["email"]}
          error={issueOf(problem, "email")}
        />
        <PasswordField
          hint={signup.passwordHint}
          name="password"
          autoComplete="new-password"
          minLength={8}
          required
          error={issueOf(problem, "password")}
        />
        <Button variant="primary" wide pending={pending}>
          {pending ? signup.pending : signup.submit}
        </Button>
      </PostForm>
      <p className="mt-8 border-t border-line pt-6 text-sm text-soft">
        {signup.haveAccount}{" "}
        <Link to="/login" className="link inline-flex min-h-6 items-center">
          {signup.signIn}
        </Link>
      </p>
    </Page>
  );
}

function Sent({ email }: { email: string }) {
  const { sent } = useCopy(authCopy);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Page width="form">
      <MailCheck aria-hidden="true" className="mb-4 size-10 stroke-[1.5] text-accent" />
      <h1 ref={heading} tabIndex={-1} className="text-2xl">
        {sent.title}
      </h1>
      <p className="mt-4">{sent.text(email)}</p>
      <p>{sent.next}</p>
      <p className="mt-4 text-sm text-soft">{sent.missing}</p>
      <div className="mt-8 flex flex-wrap gap-3">
        <LinkButton to="/login">{sent.toSignIn}</LinkButton>
        <LinkButton to="/signup" variant="quiet" reloadDocument>
          {sent.again}
        </LinkButton>
      </div>
    </Page>
  );
}
