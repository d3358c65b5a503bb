/** How an AWS client reaches its service. `endpoint` is absent with AWS itself. */
export type AwsOptions = {
  region: string;
  endpoint: string | undefined;
  accessKeyId: string;
  secretAccessKey: string;
};

/** What every AWS client of the Worker is made with: explicit credentials, no look-up of profiles, an upper bound to each request. */
export function clientOptions(
  { region, endpoint, accessKeyId, secretAccessKey }: AwsOptions,
  requestTimeoutMs: number,
) {
  return {
    region,
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: { requestTimeout: requestTimeoutMs },
    maxAttempts: 3,
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
