import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SocketDoor } from "./neon/socket-door.ts";
import { SqlDoor } from "./neon/sql-door.ts";

/** The running doors. */
export interface NeonDoors {
  /** `http://127.0.0.1:<port>`: the driver's `fetchEndpoint` is `<url>/sql`, its `wsProxy` is `<host>/v2?address=…`. */
  url: string;
  /** Ends every connection, also those in use. */
  stop(): Promise<void>;
}

/**
 * Speaks the two protocols of `@neondatabase/serverless` in front of one local PostgreSQL, on loopback only:
 * HTTP (`POST /sql`) for single statements and batches, and WebSocket for sessions.
 * Only the database server of `postgresUrl` can be reached through them.
 * @param options.port 0 takes any free port
 */
export async function startNeonDoors(options: { port: number; postgresUrl: string }): Promise<NeonDoors> {
  const target = new URL(options.postgresUrl);
  const allowed = new Set([`${target.hostname}:${target.port || "5432"}`]);
  const isAllowed = (hostAndPort: string) => allowed.has(hostAndPort);
  const sql = new SqlDoor(isAllowed);
  const sockets = new SocketDoor(isAllowed);

  const server = createServer((request, response) => {
    if (request.method === "POST" && request.url === "/sql") void sql.answer(request, response);
    else response.writeHead(404).end();
  });
  server.keepAliveTimeout = 120_000; // Longer than any client keeps an idle connection: the client closes first.
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, sql.close()]);
    },
  };
}
