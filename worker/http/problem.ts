import { HTTPException } from "hono/http-exception";
import { AppError, houseErrors } from "../kernel/errors.ts";
import type { Locale } from "../kernel/locale.ts";

/** A refusal on the wire: RFC 9457 with the code, the request's id, and the fields that are wrong. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  instance: string;
  code: string;
  path: string;
  timestamp: string;
  facts?: Readonly<Record<string, unknown>>;
  errors?: readonly { pointer: string; message: string }[];
};

/** Whatever was thrown, as the error that may be shown. What nobody declared is `house.internal` and says nothing. */
export function shownError(thrown: unknown): AppError {
  if (AppError.is(thrown)) return thrown;
  if (thrown instanceof HTTPException && thrown.status < 500) return houseErrors.malformed({ cause: thrown });
  return houseErrors.internal({ cause: thrown });
}

/** The `application/problem+json` answer to an error, never cached. */
export function problemResponse(
  error: AppError,
  about: { requestId: string; path: string; locale: Locale; now: Date },
): Response {
  const problem: Problem = {
    type: `/errors/${error.code}`,
    title: error.words[about.locale],
    status: error.status,
    instance: about.requestId,
    code: error.code,
    path: about.path,
    timestamp: about.now.toISOString(),
    ...(Object.keys(error.facts).length > 0 ? { facts: error.facts } : {}),
    ...(error.issues.length > 0 ? { errors: error.issues } : {}),
  };
  return new Response(JSON.stringify(problem), {
    status: error.status,
    headers: {
      "content-type": "application/problem+json; charset=utf-8",
      "cache-control": "no-store",
      "content-language": about.locale,
      ...(error.retryAfterS === undefined ? {} : { "retry-after": String(error.retryAfterS) }),
    },
  });
}
