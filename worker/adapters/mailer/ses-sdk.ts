/** The part of the AWS SDK that sends mail. Reached by `import()` alone, so that nothing else pays for loading it. */
export { SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";
