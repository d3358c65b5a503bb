import { expect, it } from "vitest";
import { AppError, defineErrors, ERROR_STATUS, errorCatalogue, errorOfCode, houseErrors, loggable } from "./errors.ts";

it("makes codes out of names and keeps both languages", () => {
  const errors = defineErrors("test", { tooManyThings: { kind: "conflict", ja: "多すぎます。", en: "Too many." } });
  const error = errors.tooManyThings({ facts: { max: 3 } });
  expect(error).toMatchObject({ code: "test.too_many_things", kind: "conflict", status: 409, facts: { max: 3 } });
  expect(errorOfCode("test.too_many_things")?.words).toEqual({ ja: "多すぎます。", en: "Too many." });
  expect(() => defineErrors("test", { tooManyThings: { kind: "gone", ja: "", en: "" } })).toThrow();
});

it("survives a process boundary", () => {
  const error = houseErrors.limited({ retryAfterS: 30, issues: [{ pointer: "/a", message: "b" }] });
  const revived = AppError.revive(JSON.parse(JSON.stringify(error.toWire())));
  expect(revived).toMatchObject({
    code: "house.limited",
    status: 429,
    retryAfterS: 30,
    issues: [{ pointer: "/a", message: "b" }],
  });
  expect(AppError.is(revived)).toBe(true);
});

it("says every refusal in Japanese and in English, without exclamation marks", () => {
  for (const { code, kind, words } of errorCatalogue().filter(({ code }) => !code.startsWith("test."))) {
    expect(ERROR_STATUS[kind], code).toBeGreaterThanOrEqual(400);
    expect(words.ja, code).toMatch(/[ぁ-んァ-ン一-龠].*。$/s);
    expect(words.en, code).toMatch(/^[\x20-\x7e’“”]+\.$/);
    expect(words.ja + words.en, code).not.toMatch(/[!！]/);
  }
});

it("logs a failed query without anybody's data", () => {
  const failed = new Error("Failed query: select 1 where email = $1\nparams: hanako@example.com", {
    cause: new Error("timeout"),
  });
  expect(loggable(failed)).toBe("Error: Failed query: select 1 where email = $1 ← Error: timeout");
});
