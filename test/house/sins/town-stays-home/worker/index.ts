export { s3 } from "../local/s3.ts";
