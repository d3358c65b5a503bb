import { type Refusal, RefusedError, UnreachableError } from "./refused-error.ts";

export type Call = {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  csrf: string;
  signal?: AbortSignal | undefined;
  /** The call outlives the page that makes it. */
  keepalive?: boolean | undefined;
};

/**
 * A JSON call from a page to the API. `answeredMs` is when the house answered by its own clock, in milliseconds since 1970.
 * Throws {@link RefusedError}, {@link UnreachableError}, or the signal's reason.
 */
export async function callApi<T>(call: Call): Promise<{ value: T; answeredMs: number }> {
  const { method, path, body, csrf, signal, keepalive } = call;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: "application/json",
        ...(csrf ? { "x-csrf-token": csrf } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
      ...(keepalive ? { keepalive } : {}),
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new UnreachableError(error);
  }
  if (!response.ok) throw await refusedBy(response);
  const value = (response.status === 204 ? undefined : await response.json()) as T;
  return { value, answeredMs: Date.parse(response.headers.get("date") ?? "") || Date.now() };
}

/** The refusal that a response carries. A body that is no problem (a proxy's page) still has its status. */
async function refusedBy(response: Response): Promise<RefusedError> {
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string;
    title?: string;
    facts?: Record<string, unknown>;
  };
  const refusal: Refusal = {
    status: response.status,
    code: problem.code ?? "house.unavailable",
    message: problem.title ?? "",
    facts: problem.facts ?? {},
  };
  const retryAfter = Number(response.headers.get("retry-after"));
  return new RefusedError(refusal, retryAfter > 0 ? retryAfter : null);
}
