declare module "*/build/server/index.js" {
  const build: import("@remix-run/cloudflare").ServerBuild;
  export = build;
}
/** True only in the bundle that the development front talks to. */
declare const __DEV_DOOR__: boolean;
