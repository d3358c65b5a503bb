import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { makeSesMailer } from "./ses.ts";

let server: Server | undefined;
afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

/** A mailer whose SES answers every request like this. */
async function aMailer(status: number, type: string | undefined, body: object) {
  const asked: unknown[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.writeHead(status, {
        "content-type": "application/json",
        connection: "close",
        ...(type ? { "x-amzn-errortype": type } : {}),
      });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((ready) => server!.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { asked, mailer: mailerAt(port) };
}
const mailerAt = (port: number) =>
  makeSesMailer({
    region: "ap-northeast-1",
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: "AKIATEST",
    secretAccessKey: "secret",
    from: "ひろば <no-reply@hiroba.example>",
  });
const MAIL = {
  to: "a@example.com",
  subject: "確認\r\nBcc: everyone@example.com",
  text: "text",
  html: "<p>text</p>",
  locale: "ja",
  category: "verify_email",
} as const;

it("sends once and answers with the provider's id; a subject stays one line", async () => {
  const { asked, mailer } = await aMailer(200, undefined, { MessageId: "m-1" });
  expect(await mailer.send(MAIL)).toEqual({ providerId: "m-1" });
  expect(asked).toMatchObject([
    {
      FromEmailAddress: "=?utf-8?B?44Gy44KN44Gw?= <no-reply@hiroba.example>",
      Destination: { ToAddresses: ["a@example.com"] },
      Content: { Simple: { Subject: { Data: "確認 Bcc: everyone@example.com" } } },
      EmailTags: [{ Name: "category", Value: "verify_email" }],
    },
  ]);
});

it.each([
  [429, "TooManyRequestsException", "Maximum sending rate exceeded.", "mailer.unavailable"],
  [400, "SendingPausedException", "Sending is paused.", "mailer.unavailable"],
  [500, "InternalServiceErrorException", "", "mailer.unavailable"],
  [403, "InvalidSignatureException", "", "mailer.unavailable"],
  [400, "MessageRejected", "Email address is not verified.", "mailer.unavailable"],
  [400, "MessageRejected", "Message length is too long.", "mailer.refused"],
  [400, "BadRequestException", "Illegal address", "mailer.refused"],
])("tells %i %s (%s) as %s, after one try", async (status, type, message, code) => {
  const { asked, mailer } = await aMailer(status, type, { message });
  await expect(mailer.send(MAIL)).rejects.toMatchObject({ code });
  expect(asked).toHaveLength(1);
});

it("tells a provider that does not answer as unavailable", async () => {
  const { mailer } = await aMailer(200, undefined, {});
  await new Promise((closed) => server!.close(closed));
  server = undefined;
  await expect(mailer.send(MAIL)).rejects.toMatchObject({ code: "mailer.unavailable", kind: "upstream" });
});
