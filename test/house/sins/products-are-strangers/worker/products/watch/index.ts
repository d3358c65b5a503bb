export { book } from "../lessons/index.ts";
