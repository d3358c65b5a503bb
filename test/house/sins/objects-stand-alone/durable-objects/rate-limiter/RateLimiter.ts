export { log } from "../../worker/log.ts";
