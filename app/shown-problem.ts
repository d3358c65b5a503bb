import type { Facts, Issue } from "#worker/kernel/errors.ts";

/** A refusal as a page shows it: the sentence in the reader's language, and the fields that are wrong. */
export type ShownProblem = {
  code: string;
  status: number;
  message: string;
  facts: Facts;
  issues: readonly Issue[];
  retryAfterS: number | null;
  /** What to quote when asking for help. */
  requestId: string;
};

/** The problem that an ErrorBoundary's error carries, if it is one of ours. */
export function problemOf(error: unknown): ShownProblem | undefined {
  const inside = typeof error === "object" && error !== null && "data" in error ? error.data : error;
  return typeof inside === "object" && inside !== null && "code" in inside && "message" in inside
    ? (inside as ShownProblem)
    : undefined;
}
