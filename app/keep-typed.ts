import { type ActionFunctionArgs, data } from "@remix-run/cloudflare";
import type { ShownProblem } from "./carry.ts";

/** What a refused form brings back: why, and the fields that may be shown again. */
export type Refused = { problem: ShownProblem; typed: Readonly<Record<string, string>> };

/**
 * Wraps a page's action so that a refusal brings back what was typed in `fields`: a page without scripts is written anew and would lose it.
 * Never name a field that is a secret.
 */
export function keepTyped<T>(act: (args: ActionFunctionArgs) => Promise<T>, fields: readonly string[]) {
  return async (args: ActionFunctionArgs) => {
    const copy = args.request.clone();
    const answer = await act(args);
    const refusal = refusalOf(answer);
    if (!refusal) return answer as Exclude<T, ReturnType<typeof data<{ problem: ShownProblem }>>>;
    const form = await copy.formData();
    const typed = Object.fromEntries(
      fields.map((name) => [name, form.get(name)]).filter(([, value]) => typeof value === "string"),
    ) as Record<string, string>;
    return data<Refused>({ ...refusal.data, typed }, refusal.init ?? undefined);
  };
}

function refusalOf(answer: unknown): ReturnType<typeof data<{ problem: ShownProblem }>> | undefined {
  const is =
    typeof answer === "object" &&
    answer !== null &&
    "data" in answer &&
    typeof answer.data === "object" &&
    answer.data !== null &&
    "problem" in answer.data;
  return is ? (answer as unknown as ReturnType<typeof data<{ problem: ShownProblem }>>) : undefined;
}
