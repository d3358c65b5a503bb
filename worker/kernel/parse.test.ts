import { expect, it } from "vitest";
import * as z from "zod";
import { AppError } from "./errors.ts";
import { newId, idSchema } from "./ids.ts";
import { parse, parseForm } from "./parse.ts";

const schema = z.object({
  name: z.string().min(2),
  video: idSchema("video").optional(),
  deep: z.object({ "a/b": z.int() }).optional(),
});

function refusal(value: unknown, locale: "ja" | "en"): AppError {
  try {
    parse(schema, value, locale);
  } catch (error) {
    if (AppError.is(error)) return error;
  }
  throw new Error("was accepted");
}

it("names each wrong field by JSON pointer, in the reader's language", () => {
  const ja = refusal({ name: "x", deep: { "a/b": "no" } }, "ja");
  expect(ja.kind).toBe("invalid");
  expect(ja.issues.map((issue) => issue.pointer)).toEqual(["/name", "/deep/a~1b"]);
  expect(ja.issues[0]!.message).toMatch(/[ぁ-ん]/);
  expect(refusal({ name: "x" }, "en").issues[0]!.message).not.toMatch(/[ぁ-ん]/);
});

it("says in words that an id is none, without echoing it", () => {
  const issue = refusal({ name: "ok", video: "<script>" }, "en").issues[0]!;
  expect(issue).toEqual({ pointer: "/video", message: "Not a valid id" });
});

it("reads forms: empty fields are absent, the csrf field and others unknown are dropped", () => {
  const form = new FormData();
  const video = newId("video", new Date());
  for (const [name, value] of [
    ["name", "ひろば"],
    ["video", video],
    ["deep", ""],
    ["csrf", "t"],
  ] as const)
    form.append(name, value);
  expect(parseForm(schema, form, "ja")).toEqual({ name: "ひろば", video });
});
