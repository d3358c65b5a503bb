/** One password for all demo logins. They exist in the demo town alone, where the sign-in page shows them. */
export const DEMO_PASSWORD = "hiroba-demo";

/** Argon2id of {@link DEMO_PASSWORD} at today's costs, so that the seed need not hash. */
export const DEMO_PASSWORD_HASH =
  "$argon2id$v=19$m=19456,t=2,p=1$7ZDNix3zs6SZxvAuUQ7gWQ$YZPYlZCLZuRWw0LuFsMrRtmP8YBe/kITkfLmI2UPPH4";

/** Who can be tried out. */
export const DEMO_LOGINS = (["creator", "viewer", "premium", "admin"] as const).map((role) => ({
  role,
  email: `${role}@hiroba.example`,
  password: DEMO_PASSWORD,
}));
