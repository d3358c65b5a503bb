import { type AddressInfo, createServer } from "node:net";

/** A port that somebody else already listens on. The message is one sentence for the person at the terminal. */
export class PortTaken extends Error {
  readonly port: number;

  constructor(port: number, purpose: string) {
    super(`Port ${port} (${purpose}) is taken: stop what listens there, or start with another --port.`);
    this.name = "PortTaken";
    this.port = port;
  }
}

/**
 * Makes sure that nothing listens on `port` of 127.0.0.1.
 * @throws PortTaken
 */
export async function assertPortFree(port: number, purpose: string): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new PortTaken(port, purpose) : error),
    );
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve()));
  });
}

/** Ports of 127.0.0.1 that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = await Promise.all(
    Array.from({ length: count }, async () => {
      const probe = createServer();
      await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
      return probe;
    }),
  );
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}
