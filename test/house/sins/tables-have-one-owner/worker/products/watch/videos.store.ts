export { users } from "../../../db/schema/identity.ts";
