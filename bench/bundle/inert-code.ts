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
 * without a value, modules wrapped for later (esbuild's `init = lazy(() => { … })`), and namespaces, which are objects
 * with nothing but getters (`names = {}; expose(names, { one: () => one })`).
 */
export function inertStretches(code: string): Stretch[] {
  return parseAst(code).body.flatMap((statement): Stretch[] => {
    if (statement.type === "FunctionDeclaration") return [stretchOf(statement)];
    if (statement.type === "ExpressionStatement" && isNamespace(statement.expression)) return [stretchOf(statement)];
    if (statement.type !== "VariableDeclaration") return [];
    const inert = statement.declarations.filter(({ init }) => !init || isEmptyObject(init) || isWrappedModule(init));
    return inert.length === statement.declarations.length ? [stretchOf(statement)] : inert.map(stretchOf);
  });
}

function isEmptyObject(init: Expression): boolean {
  return init.type === "ObjectExpression" && init.properties.length === 0;
}

function isWrappedModule(init: Expression): boolean {
  if (init.type !== "CallExpression" || init.callee.type !== "Identifier") return false;
  const [wrapped, ...rest] = init.arguments;
  return wrapped?.type === "ArrowFunctionExpression" && rest.length === 0;
}

function isNamespace(expression: Expression): boolean {
  if (expression.type !== "CallExpression" || expression.callee.type !== "Identifier") return false;
  const [names, getters, ...rest] = expression.arguments;
  return (
    names?.type === "Identifier" &&
    getters?.type === "ObjectExpression" &&
    rest.length === 0 &&
    getters.properties.every(
      (property) => property.type === "Property" && property.value.type === "ArrowFunctionExpression",
    )
  );
}

/** ESTree nodes know their place, though their types do not say so. */
function stretchOf(node: object): Stretch {
  const { start, end } = node as Stretch;
  return { start, end };
}
