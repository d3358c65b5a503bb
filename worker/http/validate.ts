import { validator } from "hono/validator";
import type * as z from "zod";
import { houseErrors } from "../kernel/errors.ts";
import { parse } from "../kernel/parse.ts";
import type { Locale } from "../kernel/locale.ts";
import type { HirobaEnv } from "./env.ts";

/** The JSON body of a request, parsed with its schema; `c.req.valid("json")` has its type. */
export const body = <S extends z.ZodType>(schema: S) =>
  validator("json", (value, c) => {
    if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(c.req.header("content-type") ?? "")) throw houseErrors.malformed();
    return parse(schema, value, localeIn(c)) as z.output<S>;
  });

/** The query string, parsed with its schema. */
export const query = <S extends z.ZodType>(schema: S) =>
  validator("query", (value, c) => parse(schema, value, localeIn(c)) as z.output<S>);

/** The path's parameters. What cannot be an id names nothing that exists: the answer is 404, as for an id that nobody has. */
export const params = <S extends z.ZodType>(schema: S) =>
  validator("param", (value) => {
    const result = schema.safeParse(value);
    if (!result.success) throw houseErrors.notFound();
    return result.data as z.output<S>;
  });

function localeIn(c: { get(key: never): unknown }): Locale {
  return (c as unknown as { var: HirobaEnv["Variables"] }).var.ctx.locale;
}
