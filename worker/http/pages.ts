import { createRequestHandler, type ServerBuild } from "@remix-run/cloudflare";
import * as build from "../../build/server/index.js";
import { pageContext } from "#app/load-context.ts";
import { api } from "../api.ts";
import type { Ctx } from "../context.ts";

const handle = createRequestHandler(build as unknown as ServerBuild, "production");

/** Renders a page of the Remix build: loaders and actions call the verbs in this very isolate. */
export async function renderPage(request: Request, ctx: Ctx, { nonce }: { nonce: string }): Promise<Response> {
  const response = await handle(request, { api, ctx, page: pageContext(request, nonce) });
  if (ctx.actor.kind !== "anonymous") response.headers.set("cache-control", "private, no-store");
  return response;
}
