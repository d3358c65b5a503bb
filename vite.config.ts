import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { hirobaDev } from "./local/vite-dev.ts";

// Set by the launcher (`npm run dev`). Without them Vite only builds.
const { HIROBA_PORT: port, HIROBA_WORKER_URL: workerUrl } = process.env;

export default defineConfig({
  // Two towns may run side by side from one checkout: each has its own cache of prepared packages.
  ...(port === undefined ? {} : { cacheDir: `node_modules/.vite/town-${port}` }),
  plugins: [
    ...(workerUrl === undefined ? [] : [hirobaDev(workerUrl)]),
    tailwindcss(),
    remix({
      ignoredRouteFiles: ["**/*.test.{ts,tsx}"],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_singleFetch: true,
        v3_lazyRouteDiscovery: true,
        unstable_optimizeDeps: true,
      },
    }),
  ],
  ssr: {
    target: "webworker",
    resolve: { conditions: ["workerd", "worker", "browser"], externalConditions: ["workerd", "worker"] },
  },
  resolve: { mainFields: ["browser", "module", "main"] },
  build: { minify: true },
});
