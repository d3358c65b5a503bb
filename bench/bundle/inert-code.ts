import { parseAst } from "vite";

type Program = ReturnType<typeof parseAst>;
type Expression = NonNullable<
  Extract<Program["body"][number], { type: "VariableDeclaration" }>["declarations"][number]["init"]
>;
interface Stretch {
  start: number;
  end: number;
}

/**
 * The stretches of a module's own body in which nothing happens when it is evaluated: function declarations, variables
 * without a value, and variables that hold a module wrapped for later (esbuild's `init = lazy(() => { … })`).
 */
export function inertStretches(code: string): Stretch[] {
  return parseAst(code).body.flatMap((statement): Stretch[] => {
    if (statement.type === "FunctionDeclaration") return [stretchOf(statement)];
    if (statement.type !== "VariableDeclaration") return [];
    const inert = statement.declarations.filter(({ init }) => !init || isWrappedModule(init));
    return inert.length === statement.declarations.length ? [stretchOf(statement)] : inert.map(stretchOf);
  });
}

function isWrappedModule(init: Expression): boolean {
  if (init.type !== "CallExpression" || init.callee.type !== "Identifier") return false;
  const [wrapped, ...rest] = init.arguments;
  return wrapped?.type === "ArrowFunctionExpression" && rest.length === 0;
}

/** ESTree nodes know their place, though their types do not say so. */
function stretchOf(node: object): Stretch {
  const { start, end } = node as Stretch;
  return { start, end };
}
