import type * as z from "zod";
import { en, ja } from "zod/locales";
import { houseErrors, type Issue } from "./errors.ts";
import type { Locale } from "./locale.ts";

const MESSAGES = { ja: ja().localeError, en: en().localeError };
const ID_MESSAGE = { ja: "IDの形式が正しくありません", en: "Not a valid id" };

/** Parses input with its schema. A mismatch is `house.invalid`, each wrong field named by a JSON pointer and told in the reader's language. */
export function parse<S extends z.ZodType>(schema: S, value: unknown, locale: Locale): z.output<S> {
  const result = schema.safeParse(value, { error: MESSAGES[locale] });
  if (result.success) return result.data;
  throw houseErrors.invalid({ issues: result.error.issues.map((issue) => shown(issue, locale)) });
}

/** Parses a submitted form: the last value of each name, all values of a name that ends in `[]`, empty fields as absent. Files are left out. */
export function parseForm<S extends z.ZodType>(schema: S, form: FormData, locale: Locale): z.output<S> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (typeof value !== "string") continue;
    if (name.endsWith("[]")) fields[name.slice(0, -2)] = form.getAll(name);
    else if (value !== "") fields[name] = value;
  }
  return parse(schema, fields, locale);
}

function shown({ path, message, code }: z.core.$ZodIssue, locale: Locale): Issue {
  const pointer = path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  return { pointer, message: code === "custom" && message.startsWith("id:") ? ID_MESSAGE[locale] : message };
}
