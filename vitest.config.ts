import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

const xmlParser = new URL("./node_modules/@aws-sdk/xml-builder/dist-cjs/index.js", import.meta.url).pathname;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{worker,app,durable-objects,queues,db,local}/**/*.test.{ts,tsx}", "test/house/*.test.ts"],
        },
      },
      {
        test: {
          name: "local",
          include: ["test/local/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        logLevel: "error",
        // wrangler.toml has the same alias, but Vite does not read it
        resolve: { alias: { "@aws-sdk/xml-builder": xmlParser } },
        plugins: [
          cloudflareTest(({ inject }) => ({
            main: "./worker/index.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: inject("variables") },
          })),
        ],
        test: {
          name: "workers",
          include: ["test/{stores,routes,durable-objects,queues,journeys,house/town}/**/*.test.ts"],
          globalSetup: ["./test/support/global-setup.ts"],
          isolate: false,
          maxWorkers: 1,
          testTimeout: 90_000,
          deps: {
            optimizer: {
              ssr: {
                enabled: true,
                include: [
                  "@remix-run/cloudflare",
                  "@remix-run/react",
                  "@remix-run/server-runtime",
                  "react",
                  "react/jsx-runtime",
                  "react-dom/server.browser",
                ],
              },
            },
          },
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["./test/browser/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
