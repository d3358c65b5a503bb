export { api } from "../worker/api.ts";
