/** An upload that was begun in this browser and has not ended. */
export type OpenUpload = {
  fingerprint: string;
  uploadId: string;
  videoId: string;
  fileName: string;
  sizeBytes: number;
};

/** Remembers open uploads across visits, so that a page can say what may be continued. */
export interface OpenUploads {
  list(): OpenUpload[];
  remember(upload: OpenUpload): void;
  forget(fingerprint: string): void;
}

const OPEN_MAX = 20;

/** Open uploads of one person in this browser's storage. Storage that is full, blocked or damaged is as good as empty. */
export function storedOpenUploads(storage: Pick<Storage, "getItem" | "setItem">, userId: string): OpenUploads {
  const key = `hiroba.open-uploads.${userId}`;
  const list = (): OpenUpload[] => {
    try {
      const stored: unknown = JSON.parse(storage.getItem(key) ?? "[]");
      return Array.isArray(stored) ? stored.filter(isOpenUpload) : [];
    } catch {
      return [];
    }
  };
  const store = (uploads: OpenUpload[]) => {
    try {
      storage.setItem(key, JSON.stringify(uploads.slice(-OPEN_MAX)));
    } catch {
      // Nothing is lost: choosing the file again still finds its upload on the server
    }
  };
  return {
    list,
    remember: (upload) => store([...list().filter(({ fingerprint }) => fingerprint !== upload.fingerprint), upload]),
    forget: (fingerprint) => store(list().filter((upload) => upload.fingerprint !== fingerprint)),
  };
}

function isOpenUpload(value: unknown): value is OpenUpload {
  if (typeof value !== "object" || value === null) return false;
  const { fingerprint, uploadId, videoId, fileName, sizeBytes } = value as Record<string, unknown>;
  return (
    [fingerprint, uploadId, videoId, fileName].every((text) => typeof text === "string") &&
    typeof sizeBytes === "number"
  );
}
