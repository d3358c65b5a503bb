/**
 * The house's own lint rules (an oxlint JS plugin). Each has a planted sin in `test/house/lint.test.ts` that proves it bites.
 */

const inside = (filename, pattern) => pattern.test(filename.replaceAll("\\", "/"));

/** Every method call below a node, as object name and method: `ctx.write`, `w.record`. */
function methodCalls(node) {
  if (node === null || typeof node !== "object") return [];
  if (Array.isArray(node)) return node.flatMap(methodCalls);
  const below = Object.entries(node).flatMap(([key, value]) => (key === "parent" ? [] : methodCalls(value)));
  const { callee } = node;
  if (node.type !== "CallExpression" || callee.type !== "MemberExpression") return below;
  return [{ object: callee.object.name, method: callee.property.name }, ...below];
}

const VERB_FILE = /\/worker\/(?:core|products)\/[^/]+\/(?!index\.ts|routes\.ts|rules\.ts)[\w-]+\.ts$/;
const NOT_A_VERB = /\.(?:store|test|routes|rules)\.ts$/;

/** A verb that writes asks who may (`ctx.authorize`) and leaves a trace (`.record`). */
const verbAuthorizesAndRecords = {
  create(context) {
    const { filename, sourceCode } = context;
    if (!inside(filename, VERB_FILE) || inside(filename, NOT_A_VERB)) return {};
    const excused = /hiroba-lint: unrecorded — \S/.test(sourceCode.getText());
    return {
      "Program:exit"(program) {
        const calls = methodCalls(program.body);
        if (!calls.some((call) => call.object === "ctx" && call.method === "write")) return;
        if (!calls.some((call) => call.object === "ctx" && call.method === "authorize"))
          context.report({ node: program, message: "A verb that writes must ctx.authorize(…) first." });
        if (!excused && !calls.some((call) => call.method === "record"))
          context.report({
            node: program,
            message: "A verb that writes must record(…) what it changed in the same write-set.",
          });
      },
    };
  },
};

const CLOCKED = /\/(?:worker|queues|durable-objects|db)\//;
const CLOCK = /\/worker\/kernel\/|\.test\.ts$|\/db\/seed\//;

/** The time is `ctx.now()`: the wall clock is read in the kernel alone. */
const timeComesFromCtx = {
  create(context) {
    if (!inside(context.filename, CLOCKED) || inside(context.filename, CLOCK)) return {};
    return {
      NewExpression(node) {
        if (node.callee.name === "Date" && node.arguments.length === 0)
          context.report({ node, message: "Take the time from ctx.now(); `new Date()` belongs to the kernel." });
      },
      CallExpression(node) {
        const { callee } = node;
        if (callee.type === "MemberExpression" && callee.object.name === "Date" && callee.property.name === "now")
          context.report({ node, message: "Take the time from ctx.now(); Date.now() belongs to the kernel." });
      },
    };
  },
};

/** `import { z } from "zod"` defeats tree shaking: 70 KiB more. */
const zodByNamespace = {
  create: (context) => ({
    ImportDeclaration(node) {
      if (
        node.source.value === "zod" &&
        node.specifiers.some((s) => s.type === "ImportSpecifier" && s.imported.name === "z")
      )
        context.report({ node, message: 'Import zod as a namespace: `import * as z from "zod"`.' });
    },
  }),
};

/** A file is named after what it does. */
const namesSayWhat = {
  create: (context) => ({
    Program(node) {
      if (/\/(?:utils?|helpers?|common|misc)\.[jt]sx?$/.test(context.filename.replaceAll("\\", "/")))
        context.report({ node, message: "Name the file after what it does." });
    },
  }),
};

export default {
  meta: { name: "hiroba" },
  rules: {
    "verb-authorizes-and-records": verbAuthorizesAndRecords,
    "time-comes-from-ctx": timeComesFromCtx,
    "zod-by-namespace": zodByNamespace,
    "names-say-what": namesSayWhat,
  },
};
