import pg from "pg";
import { drizzle } from "drizzle-orm/node-postgres";
import { demoFilms } from "./films.ts";
import { demoPeople, insertPeople } from "./people.ts";
import { type Drawing, publishFilm, signInTo } from "./publish-film.ts";

/** What the demo town is built on. */
export type SeedOptions = {
  databaseUrl: string;
  /** A running town: films go in by its front door, as any creator's do. */
  townUrl: string;
  dataDir: string;
  log: (message: string) => void;
  /** Draws a film; absent on a machine that cannot. */
  drawFilm?: ((drawing: Drawing) => Promise<void>) | undefined;
};

/**
 * Makes the demo town on an empty database: four people, a channel, and three films that convert and publish themselves.
 * Answers with the logins to show.
 */
export async function seedTown(
  options: SeedOptions,
): Promise<{ logins: { role: string; email: string; password: string }[] }> {
  const client = new pg.Client({ connectionString: options.databaseUrl });
  await client.connect();
  try {
    await insertPeople(drizzle(client, { casing: "snake_case" }));
  } finally {
    await client.end();
  }
  const { drawFilm } = options;
  if (drawFilm) {
    const creator = demoPeople.find((person) => person.role === "creator")!;
    const town = await signInTo(options.townUrl, creator);
    await town.call("POST", "/api/v1/channels", {
      handle: "hiroba-lab",
      name: "ひろば実験室",
      about: "光と模様の短い映像を、毎週つくっています。\nShort films of light and pattern, every week.",
    });
    for (const film of demoFilms) {
      options.log(`Sending the demo film “${film.title}” …`);
      await publishFilm(town, film, { dataDir: options.dataDir, drawFilm });
    }
  } else options.log("No demo films: there is no ffmpeg to draw them with.");
  return { logins: demoPeople.map(({ role, email, password }) => ({ role, email, password })) };
}
