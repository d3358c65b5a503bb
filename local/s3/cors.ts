import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../aws/aws-error.ts";
import { childrenOf, textOf, type XmlElement, type XmlTree } from "./xml.ts";

/** One rule of a bucket's CORS configuration; an origin or header may hold one `*`. */
export interface CorsRule {
  readonly id?: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number | undefined;
}

const METHODS = ["GET", "PUT", "HEAD", "POST", "DELETE"];
const RULES_MAX = 100;
const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/** Reads a `CORSConfiguration` document. Throws AwsError as PutBucketCors does. */
export function readCorsConfiguration(root: XmlElement): CorsRule[] {
  const malformed = () =>
    new AwsError(
      400,
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  const rules = childrenOf(root, "CORSRule").map(readRule);
  if (root.name !== "CORSConfiguration" || rules.length === 0 || rules.length > RULES_MAX) throw malformed();
  for (const rule of rules) {
    if (rule.allowedOrigins.length === 0 || rule.allowedMethods.length === 0) throw malformed();
    const unknown = rule.allowedMethods.find((method) => !METHODS.includes(method));
    if (unknown !== undefined) {
      throw new AwsError(
        400,
        "InvalidRequest",
        `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`,
      );
    }
    const doubled = [...rule.allowedOrigins, ...rule.allowedHeaders].find((pattern) => pattern.split("*").length > 2);
    if (doubled !== undefined) {
      throw new AwsError(400, "InvalidRequest", `"${doubled}" can not have more than one wildcard.`);
    }
  }
  return rules;
}

function readRule(element: XmlElement): CorsRule {
  const texts = (name: string) => childrenOf(element, name).map((child) => child.text.trim());
  const maxAge = textOf(element, "MaxAgeSeconds");
  return {
    id: textOf(element, "ID"),
    allowedOrigins: texts("AllowedOrigin"),
    allowedMethods: texts("AllowedMethod"),
    allowedHeaders: texts("AllowedHeader"),
    exposeHeaders: texts("ExposeHeader"),
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
  };
}

/** Writes the rules back as GetBucketCors returns them. */
export function corsConfigurationTree(rules: readonly CorsRule[]): XmlTree {
  return {
    CORSRule: rules.map((rule) => ({
      ID: rule.id,
      AllowedHeader: rule.allowedHeaders,
      AllowedMethod: rule.allowedMethods,
      AllowedOrigin: rule.allowedOrigins,
      ExposeHeader: rule.exposeHeaders,
      MaxAgeSeconds: rule.maxAgeSeconds,
    })),
  };
}

/**
 * The CORS headers a bucket's rules grant, or undefined when no rule fits. The first rule that allows origin, method and every requested header
 * wins (S3 User Guide, "How does Amazon S3 evaluate the CORS configuration on a bucket?").
 */
export function corsHeaders(
  rules: readonly CorsRule[],
  asked: { origin: string; method: string; headers: readonly string[] },
): Record<string, string> | undefined {
  for (const rule of rules) {
    const origin = rule.allowedOrigins.find((pattern) => fits(pattern, asked.origin));
    const headersFit = asked.headers.every((name) =>
      rule.allowedHeaders.some((pattern) => fits(pattern.toLowerCase(), name)),
    );
    if (origin === undefined || !rule.allowedMethods.includes(asked.method) || !headersFit) continue;
    const headers: Record<string, string> = {
      "access-control-allow-origin": origin === "*" ? "*" : asked.origin,
      "access-control-allow-methods": rule.allowedMethods.join(", "),
      vary: VARY,
    };
    if (origin !== "*") headers["access-control-allow-credentials"] = "true";
    if (asked.headers.length > 0) headers["access-control-allow-headers"] = asked.headers.join(", ");
    if (rule.exposeHeaders.length > 0) headers["access-control-expose-headers"] = rule.exposeHeaders.join(", ");
    if (rule.maxAgeSeconds !== undefined) headers["access-control-max-age"] = String(rule.maxAgeSeconds);
    return headers;
  }
  return undefined;
}

/** Answers a preflight request from the bucket's rules, or throws the 403 (400 without the needed headers) that S3 answers. */
export function answerPreflight(
  request: IncomingMessage,
  response: ServerResponse,
  rules: readonly CorsRule[] | undefined,
): void {
  const origin = request.headers.origin;
  const method = request.headers["access-control-request-method"];
  if (origin === undefined || method === undefined) {
    const missing = origin === undefined ? "Origin request header" : "Access-Control-Request-Method";
    throw new AwsError(400, "BadRequest", `Insufficient information. ${missing} needed.`);
  }
  if (rules === undefined) throw forbidden("CORSResponse: CORS is not enabled for this bucket.", method);
  const headers = requestedHeaders(request.headers["access-control-request-headers"]);
  const granted = corsHeaders(rules, { origin, method, headers });
  if (granted === undefined) {
    throw forbidden(
      "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      method,
    );
  }
  response.writeHead(200, { ...granted, "content-length": "0" }).end();
}

/** Adds what the rules grant to a real response; a browser is refused by the headers' absence, not by the status. */
export function grantCors(
  request: IncomingMessage,
  response: ServerResponse,
  rules: readonly CorsRule[] | undefined,
): void {
  const origin = request.headers.origin;
  if (origin === undefined || rules === undefined) return;
  const headers = corsHeaders(rules, { origin, method: request.method ?? "GET", headers: [] }) ?? {};
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function requestedHeaders(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
}

function forbidden(message: string, method: string): AwsError {
  return new AwsError(403, "AccessForbidden", message, { Method: method, ResourceType: "OBJECT" });
}

function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf("*");
  if (star < 0) return pattern === text;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}
