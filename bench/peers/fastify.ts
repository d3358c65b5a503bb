import fastify from "fastify";
import pg from "pg";

/** The page of `GET /api/v1/videos`, by hand: one prepared statement on a pool of ten, answers serialized by schema. */
const NEWEST = {
  name: "newest",
  text: `select v.id, v.title, v.category, v.age_rating, v.visibility, v.duration_ms, v.width, v.height, v.poster_key,
                v.published_at, c.handle as channel_handle, c.name as channel_name
           from videos v join channels c on c.id = v.channel_id
          where v.state = 'published' and v.visibility in ('public', 'members') and v.age_rating <> 'r18'
          order by v.published_at desc, v.id desc
          limit $1`,
};
const PAGE_LENGTH = 24;

interface VideoRow {
  id: string;
  title: string;
  category: string;
  age_rating: string;
  visibility: string;
  duration_ms: number | null;
  width: number | null;
  height: number | null;
  poster_key: string | null;
  published_at: Date;
  channel_handle: string;
  channel_name: string;
}

const text = { type: "string" };
const textOrNull = { type: "string", nullable: true };
const integerOrNull = { type: "integer", nullable: true };
const PAGE_SCHEMA = {
  type: "object",
  properties: {
    items: {
      type: "array",
      items: {
        type: "object",
        properties: {
          id: text,
          title: text,
          category: text,
          ageRating: text,
          visibility: text,
          durationMs: integerOrNull,
          width: integerOrNull,
          height: integerOrNull,
          publishedAt: text,
          posterUrl: textOrNull,
          channel: { type: "object", properties: { handle: text, name: text } },
        },
      },
    },
    nextCursor: textOrNull,
  },
};

function present(row: VideoRow, cdnUrl: string) {
  return {
    id: row.id,
    title: row.title,
    category: row.category,
    ageRating: row.age_rating,
    visibility: row.visibility,
    durationMs: row.duration_ms,
    width: row.width,
    height: row.height,
    publishedAt: row.published_at.toISOString(),
    posterUrl: row.poster_key && `${cdnUrl}/${row.poster_key}`,
    channel: { handle: row.channel_handle, name: row.channel_name },
  };
}

function cursorAfter(row: VideoRow | undefined): string | null {
  return row ? Buffer.from(JSON.stringify([row.published_at.getTime(), row.id])).toString("base64url") : null;
}

const { DATABASE_URL, CDN_URL = "", PORT } = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const server = fastify();
server.get("/api/v1/videos", { schema: { response: { 200: PAGE_SCHEMA } } }, async () => {
  const { rows } = await pool.query<VideoRow>({ ...NEWEST, values: [PAGE_LENGTH + 1] });
  const items = rows.slice(0, PAGE_LENGTH);
  return {
    items: items.map((row) => present(row, CDN_URL)),
    nextCursor: rows.length > PAGE_LENGTH ? cursorAfter(items.at(-1)) : null,
  };
});
await server.listen({ host: "127.0.0.1", port: Number(PORT) });
process.send?.("listening");
