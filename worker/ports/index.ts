import type { Cdn } from "./cdn.ts";
import type { Limiter } from "./limiter.ts";
import type { Mailer } from "./mailer.ts";
import type { Objects } from "./objects.ts";
import type { Outbox } from "./outbox.ts";
import type { Passwords } from "./passwords.ts";
import type { Transcoder } from "./transcoder.ts";

/** Every outside service that a verb may ask, by the name it has on `ctx`. */
export type Ports = {
  objects: Objects;
  transcoder: Transcoder;
  cdn: Cdn;
  mailer: Mailer;
  limiter: Limiter;
  passwords: Passwords;
  outbox: Outbox;
};
