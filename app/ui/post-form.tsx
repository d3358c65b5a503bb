import { Form, type FormProps, useLocation } from "@remix-run/react";
import { useEffect, useRef } from "react";
import type { ShownProblem } from "#app/shown-problem.ts";
import { useCopy, useLocale } from "#app/copy/define-copy.ts";
import { shellCopy } from "#app/copy/shell.ts";
import { useCsrf } from "#app/root-data.ts";
import { Callout } from "./callout.tsx";
import { formatWait } from "./format.ts";

/** The session's token, for a form that is not a {@link PostForm}. */
export function CsrfField() {
  return <input type="hidden" name="csrf" value={useCsrf()} />;
}

/** The address at hand, for a form whose action comes back here. */
export function NextField() {
  const { pathname, search } = useLocation();
  return <input type="hidden" name="next" value={`${pathname}${search}`} />;
}

/**
 * A form that posts to its action, with the session's token. When an answer brings a `problem`, the focus goes to the first field that is
 * wrong; a refusal of no field in particular is announced by its callout.
 */
export function PostForm({
  problem,
  children,
  ...rest
}: Omit<FormProps, "method"> & { problem?: ShownProblem | undefined }) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!problem) return;
    const wrong = form.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    (wrong instanceof HTMLFieldSetElement ? wrong.querySelector("input") : wrong)?.focus();
  }, [problem]);
  return (
    <Form ref={form} method="post" noValidate {...rest}>
      <CsrfField />
      {children}
    </Form>
  );
}

/** What is wrong with one field; `pointer` is the field's name or a JSON pointer. */
export function issueOf(problem: ShownProblem | undefined, pointer: string): string | undefined {
  const wanted = pointer.startsWith("/") ? pointer : `/${pointer}`;
  return problem?.issues.find((issue) => issue.pointer === wanted)?.message;
}

/** Why an answer was refused, with the wait when asking again too early is pointless. */
export function ProblemCallout({ problem, className }: { problem: ShownProblem | undefined; className?: string }) {
  const copy = useCopy(shellCopy);
  const locale = useLocale();
  if (!problem) return null;
  const wrong = problem.issues.length;
  return (
    <Callout tone="error" title={wrong > 0 ? copy.form.fieldsWrong(wrong) : problem.message} className={className}>
      {problem.retryAfterS === null ? null : copy.errors.wait(formatWait(problem.retryAfterS, locale))}
    </Callout>
  );
}
