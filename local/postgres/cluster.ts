import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { PostgresBinaries, ServerUser } from "./binaries.ts";

/** The database of the town. */
export const LOCAL_DATABASE = "hiroba";
// The superuser of every local cluster. The server listens on loopback only, so its password is no secret.
const LOCAL_USER = "hiroba";
const LOCAL_PASSWORD = "hiroba";

// pg_trgm reads letters by lc_ctype: with plain "C" it would find no Japanese trigram at all.
const LOCALE_FLAGS = [
  "--encoding=UTF8",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--lc-collate=C",
  "--lc-ctype=C.UTF-8",
];

/** Connection string of a database in the local cluster on `port`. */
export function connectionUrl(port: number, database: string = LOCAL_DATABASE): string {
  return `postgres://${LOCAL_USER}:${LOCAL_PASSWORD}@127.0.0.1:${port}/${database}`;
}

/**
 * The folder in which the server can keep its files: `dataDir` itself, or a folder of /var/tmp named after it when
 * a private folder above `dataDir` keeps the server's user out.
 */
export async function reachableDir(dataDir: string, user: ServerUser): Promise<string> {
  const wanted = resolve(dataDir);
  if (user === undefined || (await isOpenToOthers(dirname(wanted)))) return wanted;
  const name = createHash("sha256").update(wanted).digest("hex").slice(0, 16);
  return join("/var/tmp", `hiroba-${name}`);
}

async function isOpenToOthers(dir: string): Promise<boolean> {
  const mode = await stat(dir).then(
    (found) => found.mode,
    () => 0o001, // A folder that is still to be made gets an open mode.
  );
  if ((mode & 0o001) === 0) return false;
  return dirname(dir) === dir || isOpenToOthers(dirname(dir));
}

/** Where the finished cluster lies in the server's folder. */
export function clusterDir(home: string): string {
  return join(home, "cluster");
}

/**
 * Makes sure that `home` holds a finished cluster and returns its folder.
 * A cluster is made beside its final place and moved there whole, so an interrupted first start leaves nothing that
 * looks finished: it is simply made again.
 * @throws when the folder in the final place is not a PostgreSQL cluster
 */
export async function ensureCluster(
  binaries: PostgresBinaries,
  home: string,
  user: ServerUser,
  durable: boolean,
): Promise<{ dir: string; created: boolean }> {
  const dir = clusterDir(home);
  await mkdir(home, { recursive: true });
  if (user) await chown(home, user.uid, user.gid);
  if (existsSync(dir)) {
    await assertCluster(dir);
    return { dir, created: false };
  }
  const incoming = join(home, "incoming");
  await rm(incoming, { recursive: true, force: true });
  await initdb(binaries.initdb, incoming, home, user, durable);
  await rename(incoming, dir);
  return { dir, created: true };
}

async function assertCluster(dir: string): Promise<void> {
  const wanted = [join(dir, "PG_VERSION"), join(dir, "global", "pg_control")];
  if (!wanted.every((file) => existsSync(file))) {
    throw new Error(`The database folder ${dir} is damaged: start with --reset to make a new one (its data is lost).`);
  }
  const version = (await readFile(join(dir, "PG_VERSION"), "utf8")).trim();
  if (version !== "18") {
    throw new Error(`The database folder ${dir} belongs to PostgreSQL ${version}, not 18: start with --reset.`);
  }
}

async function initdb(program: string, dir: string, home: string, user: ServerUser, durable: boolean): Promise<void> {
  const scratch = await mkdtemp(join(home, "init-"));
  const passwordFile = join(scratch, "password");
  await writeFile(passwordFile, `${LOCAL_PASSWORD}\n`);
  if (user) {
    await chown(scratch, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  await chmod(passwordFile, 0o600);
  const flags = [`--pgdata=${dir}`, `--username=${LOCAL_USER}`, "--auth=password", `--pwfile=${passwordFile}`];
  if (!durable) flags.push("--no-sync");
  try {
    await run(program, [...flags, ...LOCALE_FLAGS], home, user);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function run(program: string, args: string[], cwd: string, user: ServerUser): Promise<void> {
  const child = spawn(program, args, { ...user, cwd, env: { PATH: process.env.PATH, LC_ALL: "C" } });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await new Promise<void>((resolveRun, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolveRun() : reject(new Error(`initdb failed (${code}):\n${output.trim().slice(-2000)}`)),
    );
  });
}
