import { Scope } from "#local/town/scope.ts";

/** Runs `work` and stops whatever it has started, also after Ctrl-C; then ends this process. */
export async function inScope(work: (scope: Scope) => Promise<void>): Promise<void> {
  const scope = new Scope();
  const interrupted = new Promise<"interrupted">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve("interrupted"));
  });
  let exitCode = 0;
  try {
    if ((await Promise.race([work(scope), interrupted])) === "interrupted") exitCode = 130;
  } catch (error) {
    console.error(error);
    exitCode = 1;
  }
  for (const failure of await scope.close()) console.error("While closing:", failure);
  process.exit(exitCode);
}
