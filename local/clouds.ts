import type { TownSecrets } from "./secrets.ts";

/** Where the stand-ins for the outside services listen, and whom they tell what happened. */
export interface CloudsOptions {
  dataDir: string;
  ports: { aws: number; cdn: number; console: number };
  secrets: TownSecrets;
  /** The Worker's address for events of AWS. */
  eventsDestinationUrl: string;
  /** Trades media quality for speed. */
  fast: boolean;
}

/** The running stand-ins. */
export interface Clouds {
  awsUrl: string;
  cdnUrl: string;
  consoleUrl: string;
  /** What is missing on this machine, one sentence each. */
  notices: string[];
  stop(): Promise<void>;
}

/** Starts nothing yet, and says so. */
export function startClouds(options: CloudsOptions): Promise<Clouds> {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return Promise.resolve({
    awsUrl: at(options.ports.aws),
    cdnUrl: at(options.ports.cdn),
    consoleUrl: at(options.ports.console),
    notices: ["Object store, CDN, transcoder and mail are not part of this town: nothing answers at their addresses."],
    stop: () => Promise.resolve(),
  });
}
