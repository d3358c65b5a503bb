import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One message as it was handed over for sending. `id` is also the provider's message id. */
export interface StoredMessage {
  id: string;
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  subject: string;
  text: string | undefined;
  html: string | undefined;
  headers: { name: string; value: string }[];
  tags: { name: string; value: string }[];
  sentAt: string;
}

/** The address inside `Name <address>`, in lower case. */
export function bareAddress(mailbox: string): string {
  return (/<([^<>]+)>\s*$/.exec(mailbox)?.[1] ?? mailbox).trim().toLowerCase();
}

/** Messages on disk, one JSON file each, so that they survive a restart. Nothing is ever really sent. */
export class Inbox {
  readonly #folder: string;
  #messages: StoredMessage[] = [];

  constructor(dataDir: string) {
    this.#folder = join(dataDir, "mail");
  }

  /** Reads what earlier runs received. */
  async load(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(".json"));
    const read = names.map(
      async (name) => JSON.parse(await readFile(join(this.#folder, name), "utf8")) as StoredMessage,
    );
    this.#messages = (await Promise.all(read)).toSorted((a, b) =>
      a.sentAt < b.sentAt ? -1 : a.sentAt > b.sentAt ? 1 : a.id < b.id ? -1 : 1,
    );
  }

  /** Keeps a message; settles when it is on disk. */
  async add(message: StoredMessage): Promise<void> {
    const file = join(this.#folder, `${message.id}.json`);
    await writeFile(`${file}.new`, JSON.stringify(message, null, 1));
    await rename(`${file}.new`, file);
    this.#messages.push(message);
  }

  /** Messages to an address (any recipient field, letter case ignored), or all; newest first. */
  list(to?: string): StoredMessage[] {
    const wanted = to === undefined ? undefined : bareAddress(to);
    const newestFirst = this.#messages.toReversed();
    if (wanted === undefined) return newestFirst;
    return newestFirst.filter((message) =>
      [...message.to, ...message.cc, ...message.bcc].some((mailbox) => bareAddress(mailbox) === wanted),
    );
  }

  /** The message with this id, if it is there. */
  find(id: string): StoredMessage | undefined {
    return this.#messages.find((message) => message.id === id);
  }

  /** Throws every message away. */
  async clear(): Promise<void> {
    const gone = this.#messages;
    this.#messages = [];
    await Promise.all(gone.map((message) => rm(join(this.#folder, `${message.id}.json`), { force: true })));
  }
}
