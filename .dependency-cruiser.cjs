/** Who may import whom. Each rule has a planted sin under test/house/sins/ that proves it bites. */
const SLICE = "^worker/(?:products|core)/";
// What runs on a developer's machine or in a test may use anything
const WORKSHOP = "^(?:local|test|bench)/";

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "kernel-is-pure",
      severity: "error",
      from: { path: "^worker/kernel/" },
      to: { pathNot: "^worker/kernel/|node_modules/zod/" },
    },
    {
      name: "ports-are-promises",
      severity: "error",
      from: { path: "^worker/ports/" },
      to: { pathNot: "^worker/(?:kernel|ports)/" },
    },
    {
      name: "products-are-strangers",
      severity: "error",
      from: { path: "^worker/products/([^/]+)/" },
      to: { path: "^worker/products/([^/]+)/", pathNot: "^worker/products/$1/" },
    },
    {
      name: "core-does-not-know-products",
      severity: "error",
      from: { path: "^worker/core/" },
      to: { path: "^worker/products/" },
    },
    {
      name: "knock-at-the-front-door",
      severity: "error",
      from: { path: "^worker/(products|core)/([^/]+)/" },
      to: { path: `${SLICE}[^/]+/.+`, pathNot: ["^worker/$1/$2/", `${SLICE}[^/]+/index\\.ts$`] },
    },
    {
      name: "knock-at-the-front-door-outside",
      severity: "error",
      from: { pathNot: [SLICE, WORKSHOP, "^app/"] },
      to: { path: `${SLICE}[^/]+/.+`, pathNot: `${SLICE}[^/]+/index\\.ts$` },
    },
    {
      name: "sql-lives-in-stores",
      severity: "error",
      from: { pathNot: ["\\.store\\.ts$", "^db/", "^worker/adapters/", WORKSHOP, "^drizzle\\.config\\.ts$"] },
      to: { path: "^db/schema/|node_modules/drizzle-orm/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "tables-have-one-owner",
      severity: "error",
      from: { path: "^worker/(?:products|core)/([^/]+)/" },
      to: { path: "^db/schema/", pathNot: "^db/schema/($1|shared)\\.ts$" },
    },
    {
      name: "rules-are-pure",
      severity: "error",
      from: { path: "^(?:worker/(?:core|products)|durable-objects)/.*[/.-](?:rules|machine|limiter|ledger)\\.ts$" },
      to: {
        pathNot: "^worker/kernel/|[/-](?:rules|types|protocol|machine|views|schemas)\\.ts$|node_modules/zod/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "ui-uses-types-only",
      severity: "error",
      from: { path: "^app/" },
      to: {
        path: "^(?:worker|db|queues|durable-objects|local)/",
        pathNot: "^worker/kernel/|/(?:protocol|schemas)\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "objects-stand-alone",
      severity: "error",
      from: { path: "^durable-objects/([^/]+)/" },
      to: {
        path: "^(?:worker|app|queues|db|local|durable-objects)/",
        pathNot: "^worker/kernel/|^durable-objects/(?:$1|shared)/",
      },
    },
    {
      name: "vendors-behind-adapters",
      severity: "error",
      from: { pathNot: ["^worker/adapters/", "^db/", WORKSHOP] },
      to: { path: "node_modules/(?:stripe|@aws-sdk|@neondatabase|jose|argon2-wasm-edge)/" },
    },
    {
      name: "town-stays-home",
      severity: "error",
      from: { pathNot: [WORKSHOP, "^vite\\.config\\.ts$"] },
      to: { path: "^(?:local|test|bench)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.test\\.tsx?$|^build/|^test/house/sins/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["workerd", "worker", "import", "default", "types"],
    },
  },
};
