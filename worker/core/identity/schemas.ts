import * as z from "zod";
import { LOCALES } from "../../kernel/locale.ts";
import { lengthOf, lineSchema, normalizeEmail } from "../../kernel/text.ts";

export const emailSchema = z.string().max(254).transform(normalizeEmail).pipe(z.email());

/** 8–128 code points, anything goes (NIST SP 800-63B §5.1.1.2, ASVS 5.0 6.2.1/6.2.9). */
export const passwordSchema = z
  .string()
  .max(512)
  .superRefine((text, issues) => {
    const length = lengthOf(text.normalize("NFC"));
    if (length < 8) issues.addIssue({ code: "too_small", origin: "string", minimum: 8, inclusive: true, input: text });
    if (length > 128)
      issues.addIssue({ code: "too_big", origin: "string", maximum: 128, inclusive: true, input: text });
  });

export const registerInput = z.object({
  email: emailSchema,
  password: passwordSchema,
  name: lineSchema(1, 50),
  locale: z.enum(LOCALES).optional(),
});
export type Register = z.output<typeof registerInput>;

export const signInInput = z.object({ email: emailSchema, password: z.string().min(1).max(512) });
export type SignIn = z.output<typeof signInInput>;

export const loginInput = signInInput.extend({ mode: z.enum(["cookie", "token"]).default("cookie") });
export const refreshInput = z.object({ refreshToken: z.string().min(20).max(200) });
export type Refresh = z.output<typeof refreshInput>;
export const verifyEmailInput = z.object({ token: z.string().min(20).max(200) });
export type VerifyEmail = z.output<typeof verifyEmailInput>;
