import { useRouteLoaderData } from "@remix-run/react";
import type { Welcome } from "#worker/core/identity/index.ts";
import type { PageContext } from "./load-context.ts";

/** What every page knows: how it is written and who is here. */
export type RootData = { page: PageContext; welcome: Welcome };

/** The root's data; undefined only while the root itself has failed. */
export function useRootData(): RootData | undefined {
  return useRouteLoaderData("root") as RootData | undefined;
}

/** Who is signed in, or null. */
export function useUser(): Welcome["user"] {
  return useRootData()?.welcome.user ?? null;
}

/** What `<input name="csrf">` and the header `x-csrf-token` carry. */
export function useCsrf(): string {
  return useRootData()?.welcome.csrf ?? "";
}
