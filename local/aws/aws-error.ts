/**
 * A refusal as AWS words it: `code` and `message` reach the client in the service's own error shape, `details` become extra elements
 * (S3 XML) and `status` the HTTP status.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Record<string, string> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.details = details;
  }
}
