export { watch } from "../../products/watch/index.ts";
