/** Signs and addresses what the CDN delivers. */
export interface Cdn {
  /** The public URL of an object of the media bucket, unsigned. */
  url(key: string): string;
  /**
   * One signature for every object under a prefix: the query string (without `?`) that each URL below it carries.
   * CloudFront custom policy with a wildcard resource, RSA-SHA256.
   */
  signPrefix(prefix: string, expiresAt: Date): Promise<string>;
  /** Reads a text object through the CDN with a signature of its own; null when it is not there. */
  readText(key: string): Promise<string | null>;
}
