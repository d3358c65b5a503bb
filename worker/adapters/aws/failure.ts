/** Names under which AWS services ask to come back later; some answer 400 with them. */
const BUSY = new Set([
  "SlowDown",
  "RequestTimeout",
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
]);

/** The service's own name of an error, e.g. `NoSuchKey`; undefined when the service never answered. */
export function awsErrorName(error: unknown): string | undefined {
  return awsStatus(error) === undefined ? undefined : (error as Error).name;
}

/** The HTTP status that the service answered with; undefined when it did not answer. */
export function awsStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  return (error.$metadata as { httpStatusCode?: number } | undefined)?.httpStatusCode;
}

/** Whether asking again later may help: nobody answered, the service failed, or it is too busy. */
export function isUnavailable(error: unknown): boolean {
  const status = awsStatus(error);
  return status === undefined || status >= 500 || status === 429 || BUSY.has((error as Error).name);
}
