export { SignJWT } from "jose";
