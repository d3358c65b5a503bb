// The entry of `npm run dev` and `npm start`. Plain JavaScript, so that an old Node can still read what it lacks.
import nodeModule from "node:module";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Hiroba needs Node 22.18 or newer, this is ${process.versions.node}: run \`npm ci\` and then \`npm run dev\`, ` +
      "which brings its own Node on Linux and Windows, or install Node 24.",
  );
  process.exit(1);
}
nodeModule.enableCompileCache?.();
const { runTown } = await import("./town.ts");
process.exit(await runTown(process.argv.slice(2)));
