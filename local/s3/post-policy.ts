import { AwsError } from "../aws/aws-error.ts";

/** How many bytes an upload may have; both ends inclusive. */
export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

type Condition =
  | { readonly kind: "eq" | "starts-with"; readonly field: string; readonly value: string; readonly source: string }
  | { readonly kind: "content-length-range"; readonly range: SizeRange };

/** Fields that a policy need not mention. */
const UNCONDITIONED = new Set(["policy", "x-amz-signature", "file"]);

/**
 * Holds a browser form to its signed policy and returns the allowed sizes, if the policy names any (S3 API Reference, "Creating a POST policy").
 * `fields` are by lower-case name and include `bucket`; `key` is already expanded. Every field must be covered by a condition.
 * Throws AwsError 403 AccessDenied for an expired or broken condition, 400 InvalidPolicyDocument for a policy that cannot be read.
 */
export function checkPostPolicy(
  policyBase64: string,
  fields: ReadonlyMap<string, string>,
  now: Date,
): SizeRange | undefined {
  const policy = readPolicy(policyBase64);
  if (now.getTime() >= policy.expiresAt) throw refused("Policy expired.");
  const covered = new Set<string>();
  let range: SizeRange | undefined;
  for (const condition of policy.conditions) {
    if (condition.kind === "content-length-range") {
      const { min, max } = condition.range;
      range = { min: Math.max(min, range?.min ?? 0), max: Math.min(max, range?.max ?? Infinity) };
      continue;
    }
    covered.add(condition.field);
    if (!holds(condition.kind, fields.get(condition.field), condition.value)) {
      throw refused(`Policy Condition failed: ${condition.source}`);
    }
  }
  const extra = [...fields.keys()].filter((name) => !isExempt(name) && !covered.has(name));
  if (extra.length > 0) throw refused(`Extra input fields: ${extra.join(", ")}`);
  return range;
}

function isExempt(name: string): boolean {
  return UNCONDITIONED.has(name) || name.startsWith("x-ignore-");
}

function holds(kind: "eq" | "starts-with", actual: string | undefined, value: string): boolean {
  if (actual === undefined) return kind === "starts-with" && value === "";
  return kind === "eq" ? actual === value : actual.startsWith(value);
}

function readPolicy(policyBase64: string): { expiresAt: number; conditions: Condition[] } {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(policyBase64, "base64").toString("utf8"));
  } catch {
    throw invalid("Invalid JSON.");
  }
  const { expiration, conditions } = (document ?? {}) as { expiration?: unknown; conditions?: unknown };
  const expiresAt = typeof expiration === "string" ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(expiresAt)) throw invalid("Policy missing expiration.");
  if (!Array.isArray(conditions)) throw invalid("Policy missing conditions.");
  return { expiresAt, conditions: conditions.flatMap(readCondition) };
}

function readCondition(item: unknown): Condition[] {
  if (Array.isArray(item)) return [readTriple(item)];
  if (typeof item !== "object" || item === null) throw invalid("Invalid Condition.");
  return Object.entries(item).map(([name, value]) => {
    if (typeof value !== "string") throw invalid("Invalid Simple-Condition: value must be a string.");
    return { kind: "eq", field: name.toLowerCase(), value, source: JSON.stringify(["eq", `$${name}`, value]) };
  });
}

function readTriple(item: readonly unknown[]): Condition {
  const [operator, first, second] = item;
  const kind = typeof operator === "string" ? operator.toLowerCase() : "";
  if (item.length !== 3) throw invalid("Invalid Condition: wrong number of arguments.");
  if (kind === "content-length-range") {
    const range = { min: Number(first), max: Number(second) };
    if (!Number.isSafeInteger(range.min) || !Number.isSafeInteger(range.max)) {
      throw invalid("Invalid Condition: content-length-range needs integers.");
    }
    return { kind, range };
  }
  if ((kind !== "eq" && kind !== "starts-with") || typeof first !== "string" || typeof second !== "string") {
    throw invalid(`Invalid Condition: unknown operation '${kind}'.`);
  }
  if (!first.startsWith("$")) throw refused(`Policy Condition failed: ${JSON.stringify(item)}`);
  return { kind, field: first.slice(1).toLowerCase(), value: second, source: JSON.stringify(item) };
}

function refused(reason: string): AwsError {
  return new AwsError(403, "AccessDenied", `Invalid according to Policy: ${reason}`);
}

function invalid(reason: string): AwsError {
  return new AwsError(400, "InvalidPolicyDocument", `Invalid Policy: ${reason}`);
}
