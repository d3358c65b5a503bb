export { find } from "./videos.store.ts";
