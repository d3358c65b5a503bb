import { type LoaderFunctionArgs, redirect } from "@remix-run/cloudflare";
import { Link, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { useRef, useState } from "react";
import { pageAction, pageLoader } from "#app/carry.ts";
import { authCopy } from "#app/copy/auth.ts";
import { useCopy } from "#app/copy/define-copy.ts";
import { keepTyped } from "#app/keep-typed.ts";
import { useRootData } from "#app/root-data.ts";
import { pathAfterSignIn } from "#app/safe-path.ts";
import { Button } from "#app/ui/button.tsx";
import { TextField } from "#app/ui/field.tsx";
import { titled } from "#app/ui/page-meta.ts";
import { Page } from "#app/ui/page.tsx";
import { PasswordField } from "#app/ui/password-field.tsx";
import { issueOf, PostForm, ProblemCallout } from "#app/ui/post-form.tsx";
import { signInInput } from "#worker/core/identity/schemas.ts";
import { parseForm } from "#worker/kernel/parse.ts";
import { sessionCookie } from "#worker/kernel/session-cookie.ts";

export const meta = titled(authCopy, ({ login }) => ({ title: login.title }));

export const loader = pageLoader(async ({ context, request }: LoaderFunctionArgs) => {
  const next = pathAfterSignIn(new URL(request.url).searchParams.get("next"));
  const { user } = await context.api.identity.welcome(context.ctx);
  if (user) throw redirect(next);
  return { next };
});

export const action = keepTyped(
  pageAction(async ({ context, request }) => {
    const form = await request.formData();
    const input = parseForm(signInInput, form, context.page.locale);
    const { token, until } = await context.api.identity.signIn(context.ctx, input);
    throw redirect(pathAfterSignIn(form.get("next")), { headers: { "set-cookie": sessionCookie(token, until) } });
  }),
  ["email"],
);

export default function Login() {
  const copy = useCopy(authCopy);
  const { next } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>();
  const pending = useNavigation().formAction?.startsWith("/login") ?? false;
  const form = useRef<HTMLDivElement>(null);
  const problem = refused?.problem;
  return (
    <Page title={copy.login.title} width="form">
      <div ref={form}>
        <PostForm problem={problem} className="flex flex-col gap-5">
          <input type="hidden" name="next" value={next} />
          <ProblemCallout problem={problem} />
          <TextField
            label={copy.email}
            name="email"
            type="email"
            autoComplete="username"
            inputMode="email"
            required
            defaultValue={refused?.typed["email"]}
            error={issueOf(problem, "email")}
          />
          <PasswordField
            name="password"
            autoComplete="current-password"
            required
            error={issueOf(problem, "password")}
          />
          <Button variant="primary" wide pending={pending}>
            {pending ? copy.login.pending : copy.login.submit}
          </Button>
        </PostForm>
      </div>
      <DemoLogins
        onChoose={({ email, password }) => {
          fill(form.current, "email", email);
          fill(form.current, "password", password);
          form.current?.querySelector<HTMLButtonElement>("button:not([type=button])")?.focus();
        }}
      />
      <p className="mt-8 border-t border-line pt-6 text-sm text-soft">
        {copy.login.noAccount}{" "}
        <Link to="/signup" className="link inline-flex min-h-6 items-center">
          {copy.login.signUp}
        </Link>
      </p>
    </Page>
  );
}

type DemoLogin = { role: string; email: string; password: string };

/** Where the town is a demonstration: accounts to try, one press away. */
function DemoLogins({ onChoose }: { onChoose: (login: DemoLogin) => void }) {
  const copy = useCopy(authCopy).login;
  const logins = useRootData()?.welcome.demoLogins ?? [];
  const [filled, setFilled] = useState("");
  if (logins.length === 0) return null;
  const nameOf = (role: string) => (copy.roles as Readonly<Record<string, string>>)[role] ?? role;
  return (
    <section aria-labelledby="demo" className="mt-8 rounded-md border border-line bg-surface p-4">
      <h2 id="demo" className="text-sm">
        {copy.demo}
      </h2>
      <p className="text-sm text-soft">{copy.demoText}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        {logins.map((login) => (
          <Button
            key={login.email}
            type="button"
            className="px-4 text-sm"
            onClick={() => {
              onChoose(login);
              setFilled(copy.filled(nameOf(login.role)));
            }}
          >
            {nameOf(login.role)}
          </Button>
        ))}
      </div>
      <p role="status" className="sr-only">
        {filled}
      </p>
    </section>
  );
}

function fill(within: HTMLElement | null, name: string, value: string): void {
  const input = within?.querySelector<HTMLInputElement>(`input[name=${name}]`);
  if (input) input.value = value;
}
