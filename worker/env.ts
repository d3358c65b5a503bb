import * as z from "zod";

/**
 * Everything the Worker is told from outside, with what it means. Bindings (queues, objects, assets) are declared in `wrangler.toml`;
 * these are its variables and secrets. Checked once per isolate, so that a missing secret stops the first request with its name.
 */
export const envSchema = z.object({
  DEMO: z.enum(["on", "off"]).default("off").describe("Shows the demo logins on the sign-in page."),
  APP_ORIGIN: z.url().describe("Where people reach the town, for links in mails."),
  APP_SECRET: z
    .string()
    .min(32)
    .describe("Secret. Root of the keys for CSRF tokens, playback grants and rate-limit subjects."),
  AUDIT_KEY: z.string().min(32).describe("Secret. Key of the audit chain."),
  AUDIT_KEY_ID: z.string().default("k1").describe("Name of that key, stored with each link."),
  DATABASE_URL: z.string().startsWith("postgres").describe("Secret. Neon connection string."),
  DATABASE_DOOR: z
    .url()
    .optional()
    .describe("Neon-compatible HTTP door in front of a plain PostgreSQL; absent with Neon."),
  AWS_REGION: z.string().describe("AWS region of buckets, transcoder and mail."),
  AWS_ACCESS_KEY_ID: z.string().describe("Secret. Access key of the Worker's AWS user."),
  AWS_SECRET_ACCESS_KEY: z.string().describe("Secret. Its secret key."),
  AWS_ENDPOINT_URL: z.url().optional().describe("One endpoint for all AWS services; absent with AWS itself."),
  UPLOADS_BUCKET: z.string().describe("Bucket that browsers upload into."),
  MEDIA_BUCKET: z.string().describe("Bucket that the CDN serves."),
  MEDIACONVERT_ROLE_ARN: z.string().describe("Role that MediaConvert reads and writes the buckets with."),
  MEDIACONVERT_QUEUE_ARN: z.string().describe("MediaConvert queue."),
  AWS_EVENTS_KEY: z.string().min(16).describe("Secret. API key that the EventBridge connection sends."),
  CDN_ORIGIN: z.url().describe("CloudFront distribution, without a trailing slash."),
  CDN_KEY_PAIR_ID: z.string().describe("Id of the public key in the distribution's key group."),
  CDN_PRIVATE_KEY: z.string().describe("Secret. Its private key: PKCS#8, PEM or bare base64."),
  MAIL_FROM: z.string().describe("Sender of mails, e.g. `Hiroba <no-reply@example.com>`; verified in SES."),
  UPLOAD_BYTES_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(50 * 1024 ** 3)
    .describe("Largest file that may be uploaded, in bytes."),
});

export type EnvVariables = z.output<typeof envSchema>;

/** Bindings of the platform beside the variables. */
export interface Env extends Record<keyof z.input<typeof envSchema>, string | undefined> {
  EVENTS: Queue<unknown>;
  RATE_LIMITER: DurableObjectNamespace<import("#objects/rate-limiter/RateLimiter.ts").RateLimiter>;
  ASSETS: Fetcher;
}
