import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

const HIGH_WATER_BYTES = 1024 * 1024;

/** Neon's WebSocket endpoint: the bytes of one PostgreSQL connection, in binary messages of any size. */
export class SocketDoor {
  readonly #isAllowed: (hostAndPort: string) => boolean;
  readonly #server = new WebSocketServer({ noServer: true, perMessageDeflate: false });

  constructor(isAllowed: (hostAndPort: string) => boolean) {
    this.#isAllowed = isAllowed;
  }

  /** Answers an upgrade to `/v2?address=host:port`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = new URL(request.url ?? "/", "http://127.0.0.1").searchParams.get("address") ?? "";
    // Every browser names the page's origin; a page must never reach the database.
    if (request.headers.origin !== undefined || !this.#isAllowed(address)) {
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    (socket as Socket).setNoDelay(true);
    const colon = address.lastIndexOf(":");
    this.#server.handleUpgrade(request, socket, head, (client) => {
      join(client, connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)), noDelay: true }));
    });
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }
}

/** Carries bytes both ways; the slower side stops the faster one; the end of one is the end of both. */
function join(client: WebSocket, database: Socket): void {
  client.binaryType = "nodebuffer";
  client.on("message", (data: Buffer) => {
    if (!database.write(data)) client.pause();
  });
  database.on("drain", () => client.resume());
  database.on("data", (data) => {
    client.send(data, () => {
      if (database.isPaused() && client.bufferedAmount < HIGH_WATER_BYTES) database.resume();
    });
    if (client.bufferedAmount > HIGH_WATER_BYTES) database.pause();
  });
  client.on("close", () => database.end());
  client.on("error", () => database.destroy());
  database.on("close", () => client.close());
  database.on("error", () => client.terminate());
}
