import { expect, it } from "vitest";
import { preferenceCookies } from "./preference-cookies.ts";

const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

it("keeps language and theme for a year, on this site only", () => {
  expect(preferenceCookies(formOf({ locale: "en", theme: "dark" }))).toEqual([
    "hiroba_locale=en; Path=/; Max-Age=31536000; SameSite=Lax; Secure",
    "hiroba_theme=dark; Path=/; Max-Age=31536000; SameSite=Lax; Secure",
  ]);
});

it("sets only what was asked for", () => {
  expect(preferenceCookies(formOf({ theme: "system" }))).toHaveLength(1);
});

it("writes nothing that is not one of the choices", () => {
  expect(preferenceCookies(formOf({ locale: "ja; Domain=elsewhere.example", theme: "sepia" }))).toEqual([]);
});
