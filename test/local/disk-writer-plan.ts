/** What the process to be killed and its observer agree on. */
export const BUCKET = "durable";
export const UPLOAD_KEY = "film.mp4";
export const PIECE = 64 * 1024;
export const PART_BYTES = 5 * 1024 * 1024;
