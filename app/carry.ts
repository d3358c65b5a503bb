import { type ActionFunctionArgs, data, type LoaderFunctionArgs } from "@remix-run/cloudflare";
import { AppError, houseErrors } from "#worker/kernel/errors.ts";
import type { ShownProblem } from "./shown-problem.ts";

export { problemOf, type ShownProblem } from "./shown-problem.ts";

/** Wraps a loader: a refusal becomes a response with its status for the nearest ErrorBoundary, which finds a {@link ShownProblem} in `data`. */
export function pageLoader<T>(load: (args: LoaderFunctionArgs) => Promise<T>) {
  return async (args: LoaderFunctionArgs): Promise<T> => {
    try {
      return await load(args);
    } catch (thrown) {
      if (!AppError.is(thrown)) throw thrown;
      throw data(shown(thrown, args), { status: thrown.status });
    }
  };
}

/**
 * Wraps an action: a refusal that the reader can act on goes back to the form as `{ problem }` with its status, so that nothing typed is
 * lost; what is our own fault goes to the ErrorBoundary.
 */
export function pageAction<T>(act: (args: ActionFunctionArgs) => Promise<T>) {
  return async (args: ActionFunctionArgs) => {
    try {
      return await act(args);
    } catch (thrown) {
      if (!AppError.is(thrown)) throw thrown;
      const problem = shown(thrown, args);
      if (thrown.status >= 500) throw data(problem, { status: thrown.status });
      return data({ problem }, { status: thrown.status });
    }
  };
}

/** The answer to an address that names nothing. */
export function notFoundPage({ context }: LoaderFunctionArgs): never {
  throw data(shown(houseErrors.notFound(), { context }), { status: 404 });
}

function shown(error: AppError, { context }: Pick<LoaderFunctionArgs, "context">): ShownProblem {
  const { code, status, words, facts, issues, retryAfterS } = error;
  return {
    code,
    status,
    message: words[context.page.locale],
    facts,
    issues,
    retryAfterS: retryAfterS ?? null,
    requestId: context.ctx.requestId,
  };
}
