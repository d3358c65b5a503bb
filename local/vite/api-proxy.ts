import { parse, stringify } from "devalue";
import { passOn, type WorkerAnswer } from "./worker-door.ts";

/** `Set-Cookie` values that the page's answer must carry to the visitor. */
export type VisitorCookies = string[];

/** Makes the house's error from its wire form. */
export type Revive = (wire: unknown) => Error;

/** What the development door answers, encoded by devalue: dates, maps and big integers arrive as what they are. */
type CallAnswer = { setCookie?: string | string[] } & ({ ok: true; value: unknown } | { ok: false; error: unknown });

type Verb = (ctx: unknown, input: unknown) => Promise<unknown>;

/**
 * The Worker's `api` as a loader or action sees it: `api.<module>.<verb>(ctx, input)`. The verb runs in the Worker, for
 * the visitor whose `request` this is; `ctx` is not sent. Errors are thrown as the house's own, cookies are collected.
 */
export function apiThrough(
  workerUrl: string,
  request: Request,
  cookies: VisitorCookies,
  revive: Revive,
): Record<string, Record<string, Verb>> {
  const call = async (module: string, verb: string, input: unknown): Promise<unknown> => {
    const body = Buffer.from(stringify({ module, verb, input }));
    const answer = await passOn(workerUrl, "/__dev/call", request, body, { "content-type": "application/json" });
    return outcome(answer, `${module}.${verb}`, cookies, revive);
  };
  return named((module) => named((verb) => (_ctx, input) => call(module, verb, input)));
}

/** Takes an answer of the door apart: gives the value, or throws. */
export function outcome(answer: WorkerAnswer, name: string, cookies: VisitorCookies, revive: Revive): unknown {
  const text = answer.body.toString();
  const decoded = decode(text);
  if (decoded === undefined) throw new Error(`The Worker answered ${answer.status} to ${name}: ${text.slice(0, 500)}`);
  cookies.push(...(answer.headers["set-cookie"] ?? []), ...[decoded.setCookie ?? []].flat());
  if (decoded.ok) return decoded.value;
  throw revive(decoded.error);
}

function decode(text: string): CallAnswer | undefined {
  try {
    const answer = parse(text) as CallAnswer;
    return typeof answer === "object" && answer !== null && "ok" in answer ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** An object whose every property is made from its name. It is no promise: `then` is not there. */
function named<T>(make: (name: string) => T): Record<string, T> {
  return new Proxy<Record<string, T>>(
    {},
    { get: (_, name) => (typeof name === "string" && name !== "then" ? make(name) : undefined) },
  );
}
