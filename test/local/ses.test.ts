import { SendEmailCommand, type SendEmailCommandInput, SESv2Client } from "@aws-sdk/client-sesv2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Console, startConsole } from "#local/console/console.ts";
import { Ses } from "#local/mail/ses.ts";
import { frontFor, temporaryFolder } from "./media-room.ts";

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let ses: Ses;
let front: Awaited<ReturnType<typeof frontFor>>;
let client: SESv2Client;
let site: Console;
let clock: number;

function aSes(): Ses {
  return new Ses({
    dataDir: room.path,
    verifiedIdentities: ["hiroba.test", "boss@other.test"],
    now: () => new Date((clock += 1000)),
  });
}

beforeEach(async () => {
  clock = Date.parse("2026-04-01T00:00:00Z");
  room = await temporaryFolder();
  ses = aSes();
  await ses.start();
  front = await frontFor(ses);
  site = await startConsole({ port: 0, inbox: ses.inbox });
  client = new SESv2Client({
    endpoint: front.url,
    region: "ap-northeast-1",
    credentials: { accessKeyId: "AKIALOCALTEST", secretAccessKey: "secret" },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  client.destroy();
  await site.stop();
  await front.close();
  await room.remove();
});

const aMail = (to = "hana@example.com", subject = "ようこそ"): SendEmailCommandInput => ({
  FromEmailAddress: "=?utf-8?B?44Gy44KN44Gw?= <no-reply@hiroba.test>",
  Destination: { ToAddresses: [to] },
  Content: {
    Simple: {
      Subject: { Data: subject, Charset: "UTF-8" },
      Body: {
        Text: { Data: "こんにちは https://hiroba.test/confirm?t=1" },
        Html: { Data: "<p>こんにちは<script>alert(1)</script></p>" },
      },
      Headers: [{ Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click" }],
    },
  },
  EmailTags: [{ Name: "kind", Value: "welcome" }],
});
const send = (mail: SendEmailCommandInput) => client.send(new SendEmailCommand(mail));
const messages = async (query = "") =>
  (
    (await (await fetch(`${site.url}/mail/api/messages${query}`)).json()) as {
      messages: { id: string; subject: string }[];
    }
  ).messages;

it("keeps what is sent, newest first, and finds it by recipient", async () => {
  const first = await send(aMail());
  await send(aMail("Taro <TARO@example.com>", "二通目"));
  expect((await messages()).map((message) => message.subject)).toEqual(["二通目", "ようこそ"]);
  expect((await messages("?to=taro@example.com")).map((message) => message.subject)).toEqual(["二通目"]);
  const one = await fetch(`${site.url}/mail/api/messages/${first.MessageId}`);
  expect(await one.json()).toMatchObject({
    id: first.MessageId,
    to: ["hana@example.com"],
    subject: "ようこそ",
    text: "こんにちは https://hiroba.test/confirm?t=1",
    headers: [{ name: "List-Unsubscribe-Post", value: "List-Unsubscribe=One-Click" }],
    tags: [{ name: "kind", value: "welcome" }],
    sentAt: "2026-04-01T00:00:01.000Z",
  });
});

it("still has the messages after a restart, until they are deleted", async () => {
  await send(aMail());
  const reopened = aSes();
  await reopened.start();
  expect(reopened.inbox.list()).toEqual(ses.inbox.list());
  await fetch(`${site.url}/mail/api/messages`, { method: "DELETE" });
  expect(await messages()).toEqual([]);
  const emptied = aSes();
  await emptied.start();
  expect(emptied.inbox.list()).toEqual([]);
});

describe("refuses", () => {
  it.each<[string, string, (mail: SendEmailCommandInput) => void]>([
    ["a sender that is not verified", "MessageRejected", (mail) => (mail.FromEmailAddress = "me@elsewhere.test")],
    [
      "a sender of a domain that only looks verified",
      "MessageRejected",
      (mail) => (mail.FromEmailAddress = "me@nothiroba.test"),
    ],
    [
      "a line end in an address",
      "BadRequestException",
      (mail) => (mail.Destination = { ToAddresses: ["a@example.com\r\nBcc: b@example.com"] }),
    ],
    [
      "a line end in the subject",
      "BadRequestException",
      (mail) => (mail.Content!.Simple!.Subject!.Data = "Hi\nBcc: b@example.com"),
    ],
    [
      "a line end in a header",
      "BadRequestException",
      (mail) => (mail.Content!.Simple!.Headers = [{ Name: "X-A", Value: "1\r\nX-B: 2" }]),
    ],
    [
      "a header of its own",
      "BadRequestException",
      (mail) => (mail.Content!.Simple!.Headers = [{ Name: "Bcc", Value: "b@example.com" }]),
    ],
    [
      "a name that is not encoded",
      "BadRequestException",
      (mail) => (mail.FromEmailAddress = "ひろば <no-reply@hiroba.test>"),
    ],
    ["no recipient", "BadRequestException", (mail) => (mail.Destination = {})],
    [
      "more than 50 recipients",
      "BadRequestException",
      (mail) => (mail.Destination = { ToAddresses: Array.from({ length: 51 }, (_, n) => `u${n}@example.com`) }),
    ],
    ["an address without a domain", "BadRequestException", (mail) => (mail.Destination = { ToAddresses: ["hana"] })],
    ["a message without a body", "BadRequestException", (mail) => (mail.Content!.Simple!.Body = {})],
  ])("%s", async (_what, name, spoil) => {
    const mail = aMail();
    spoil(mail);
    await expect(send(mail)).rejects.toEqual(
      expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: 400 }) }),
    );
    expect(ses.inbox.list()).toEqual([]);
  });

  it("names the model does not have", async () => {
    const body = JSON.stringify({ Content: { Simple: { Subject: { Data: "x" }, Body: {}, Sender: "y" } } });
    const response = await fetch(`${front.url}/v2/email/outbound-emails`, { method: "POST", body });
    expect([response.status, await response.json()]).toEqual([
      400,
      { message: "/Content/Simple/Sender: is not a property of this object" },
    ]);
  });

  it("lets subdomains of a verified domain and verified addresses send", async () => {
    await send({ ...aMail(), FromEmailAddress: "news@mail.hiroba.test" });
    await send({ ...aMail(), FromEmailAddress: "Boss@Other.test" });
    expect(ses.inbox.list()).toHaveLength(2);
  });
});

describe("the console", () => {
  it("shows a message without letting it run anything", async () => {
    const { MessageId } = await send(aMail("hana@example.com", '<img src=x onerror="alert(1)">'));
    const response = await fetch(`${site.url}/mail/${MessageId}`);
    const page = await response.text();
    expect(page).toContain("&lt;img src=x onerror=");
    expect(page).not.toContain("<script>");
    expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    expect(page).toContain("ひろば &lt;no-reply@hiroba.test&gt;");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await (await fetch(`${site.url}/mail/${MessageId}?part=text`)).text()).toContain(
      '<a href="https://hiroba.test/confirm?t=1"',
    );
    expect(await (await fetch(`${site.url}/mail/${MessageId}?part=headers`)).text()).toContain("List-Unsubscribe-Post");
    expect(await (await fetch(`${site.url}/mail`)).text()).toContain("&lt;img");
  });

  it("has its pages, and says so when there is none", async () => {
    const statuses = await Promise.all(
      ["/", "/mail", "/jobs", "/jobs/api", "/events", "/nowhere", "/mail/none", "/mail/%E0%A4%A"].map(
        async (path) => (await fetch(site.url + path)).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404, 404, 400]);
  });

  it("refuses other sites' requests", async () => {
    await send(aMail());
    const foreign = await fetch(`${site.url}/mail/clear`, {
      method: "POST",
      headers: { "sec-fetch-site": "cross-site" },
    });
    expect(foreign.status).toBe(403);
    expect(ses.inbox.list()).toHaveLength(1);
    const own = await fetch(`${site.url}/mail/clear`, {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin" },
      redirect: "manual",
    });
    expect([own.status, ses.inbox.list().length]).toEqual([303, 0]);
  });
});
