import { type ActionFunctionArgs, data } from "@remix-run/cloudflare";
import { expect, it } from "vitest";
import { keepTyped } from "./keep-typed.ts";
import type { ShownProblem } from "./shown-problem.ts";

const problem: ShownProblem = {
  code: "house.invalid",
  status: 422,
  message: "",
  facts: {},
  issues: [],
  retryAfterS: null,
  requestId: "req_1",
};

function posted(fields: Record<string, string>): ActionFunctionArgs {
  const request = new Request("https://hiroba.example/login", { method: "POST", body: new URLSearchParams(fields) });
  return { request, params: {}, context: {} } as unknown as ActionFunctionArgs;
}

it("brings back what was typed with a refusal, its status, and no secret", async () => {
  const action = keepTyped(
    async ({ request }) => {
      await request.formData();
      return data({ problem }, { status: 422 });
    },
    ["email", "name"],
  );
  const answer = await action(posted({ email: "a@b.example", password: "secret" }));
  expect(answer).toMatchObject({ data: { problem, typed: { email: "a@b.example" } }, init: { status: 422 } });
  expect(JSON.stringify(answer)).not.toContain("secret");
});

it("leaves every other answer as it is", async () => {
  const action = keepTyped(async () => ({ sentTo: "a@b.example" }), ["email"]);
  expect(await action(posted({ email: "a@b.example" }))).toEqual({ sentTo: "a@b.example" });
});
