import type { MiddlewareHandler } from "hono";
import { base64url, randomBytes } from "../kernel/ids.ts";
import type { HirobaEnv } from "./env.ts";

/**
 * Security headers on every answer, errors included. Scripts run by nonce only; media and uploads may talk to the CDN and the bucket, and to
 * nobody else.
 */
export function securityHeaders(origins: { cdn: string; objects: string }): MiddlewareHandler<HirobaEnv> {
  return async (c, next) => {
    const nonce = base64url(randomBytes(16));
    c.set("nonce", nonce);
    await next();
    const headers = c.res.headers;
    for (const [name, value] of FIXED) if (!headers.has(name)) headers.set(name, value);
    if (!headers.has("content-security-policy")) headers.set("content-security-policy", policy(nonce, origins));
    headers.set("x-request-id", c.var.requestId);
  };
}

const FIXED = [
  ["strict-transport-security", "max-age=63072000; includeSubDomains"],
  ["x-content-type-options", "nosniff"],
  ["referrer-policy", "strict-origin-when-cross-origin"],
  ["x-frame-options", "DENY"],
  ["cross-origin-opener-policy", "same-origin"],
  ["permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()"],
] as const;

function policy(nonce: string, { cdn, objects }: { cdn: string; objects: string }): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    // The player's progress and React's style attributes; no style element is ever written
    "style-src-attr 'unsafe-inline'",
    `img-src 'self' data: ${cdn}`,
    `media-src 'self' blob: ${cdn}`,
    `connect-src 'self' ${cdn} ${objects}`,
    "font-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
