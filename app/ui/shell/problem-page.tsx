import { isRouteErrorResponse, useLocation } from "@remix-run/react";
import { problemOf, type ShownProblem } from "#app/shown-problem.ts";
import { useCopy, useLocale } from "#app/copy/define-copy.ts";
import { shellCopy } from "#app/copy/shell.ts";
import { signInPath } from "../addresses.ts";
import { LinkButton } from "../button.tsx";
import { formatWait } from "../format.ts";

type Copy = (typeof shellCopy)["ja"];

/** The status of whatever was thrown; 0 when no answer came at all. */
export function statusOf(error: unknown): number {
  const problem = problemOf(error);
  if (problem) return problem.status;
  if (isRouteErrorResponse(error)) return error.status;
  const inBrowser = typeof document !== "undefined";
  return inBrowser && error instanceof TypeError && /fetch|network|load failed/i.test(error.message) ? 0 : 500;
}

/** What a status means, as a heading. */
export function headingOf(status: number, { errors }: Copy): string {
  if (status === 0) return errors.offline;
  if (status === 401) return errors.signIn;
  if (status === 402 || status === 403) return errors.forbidden;
  if (status === 404) return errors.notFound;
  if (status === 410) return errors.gone;
  if (status === 429) return errors.limited;
  return errors.broken;
}

function sentenceOf(status: number, problem: ShownProblem | undefined, { errors }: Copy): string {
  if (status === 0) return errors.offlineMessage;
  if (problem && problem.code !== "house.not_found") return problem.message;
  return status === 404 ? errors.notFoundMessage : errors.brokenMessage;
}

/** What stands in the place of a page that could not be shown: what happened, what it means, and the ways out. */
export function ProblemPage({ error }: { error: unknown }) {
  const copy = useCopy(shellCopy);
  const locale = useLocale();
  const { pathname, search } = useLocation();
  const problem = problemOf(error);
  const status = statusOf(error);
  const mayRetry = status === 0 || status === 429 || status >= 500;
  return (
    <div className="mx-auto flex w-full max-w-2xl flex-col px-4 py-16 sm:px-6 sm:py-24">
      {status > 0 ? <p className="figures mb-2 text-sm text-soft">{copy.errors.title(status)}</p> : null}
      <h1 className="text-2xl sm:text-3xl">{headingOf(status, copy)}</h1>
      <p className="mt-4">{sentenceOf(status, problem, copy)}</p>
      {problem?.retryAfterS ? <p>{copy.errors.wait(formatWait(problem.retryAfterS, locale))}</p> : null}
      <div className="mt-8 flex flex-wrap gap-3">
        {status === 401 ? (
          <LinkButton to={signInPath(`${pathname}${search}`)} variant="primary">
            {copy.errors.toSignIn}
          </LinkButton>
        ) : null}
        {mayRetry ? (
          <LinkButton to={`${pathname}${search}`} reloadDocument variant="primary">
            {copy.errors.retry}
          </LinkButton>
        ) : null}
        <LinkButton to="/" variant={status === 404 ? "primary" : "secondary"}>
          {copy.errors.toHome}
        </LinkButton>
      </div>
      {problem && status !== 404 ? (
        <p className="mt-10 text-sm text-soft">
          {status >= 500 ? `${copy.errors.reference} ` : null}
          <code className="figures text-xs">{[problem.code, problem.requestId].filter(Boolean).join(" / ")}</code>
        </p>
      ) : null}
    </div>
  );
}
