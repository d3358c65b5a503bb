import { Hono } from "hono";

/** The floor: the same framework in the same workerd with nothing to do. */
export default new Hono().get("/", (c) => c.text("Hello World"));
