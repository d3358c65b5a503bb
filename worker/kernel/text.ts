import * as z from "zod";

/** Directional overrides, isolates and zero-width characters: they let a text show what it is not (Unicode TR 36 §2.10). */
// oxlint-disable-next-line no-misleading-character-class
const INVISIBLE = /[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/gu;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F]/gu;

/** A line that people typed: NFC, no control or invisible characters, single spaces, trimmed. */
export function cleanLine(text: string): string {
  return text.normalize("NFC").replace(CONTROL, " ").replace(INVISIBLE, "").replace(/\s+/gu, " ").trim();
}

/** Several lines that people typed: like {@link cleanLine}, but line breaks stay (at most two in a row). */
export function cleanLines(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(CONTROL, " ")
    .replace(INVISIBLE, "")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Length as people count it: Unicode code points. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/**
 * The form under which an address is one account: NFKC, trimmed, lower case. Nothing is stripped after `+`: RFC 5321 leaves the local part
 * to its own domain.
 */
export function normalizeEmail(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}

/** A typed line between `min` and `max` code points after cleaning. */
export function lineSchema(min: number, max: number): z.ZodType<string, string> {
  return z
    .string()
    .max(max * 8)
    .transform(cleanLine)
    .superRefine((text, issues) => checkLength(text, min, max, issues)) as unknown as z.ZodType<string, string>;
}

/** Typed lines between `min` and `max` code points after cleaning. */
export function linesSchema(min: number, max: number): z.ZodType<string, string> {
  return z
    .string()
    .max(max * 8)
    .transform(cleanLines)
    .superRefine((text, issues) => checkLength(text, min, max, issues)) as unknown as z.ZodType<string, string>;
}

function checkLength(text: string, min: number, max: number, issues: z.RefinementCtx): void {
  const length = lengthOf(text);
  if (length < min)
    issues.addIssue({ code: "too_small", origin: "string", minimum: min, inclusive: true, input: text });
  if (length > max) issues.addIssue({ code: "too_big", origin: "string", maximum: max, inclusive: true, input: text });
}
