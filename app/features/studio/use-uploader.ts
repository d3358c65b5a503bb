import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useCsrf, useUser } from "#app/root-data.ts";
import { callApi } from "../house-api/call-api.ts";
import { RefusedError } from "../house-api/refused-error.ts";
import { browserSurroundings, browserTransport } from "./uploader/browser-transport.ts";
import { type OpenUpload, type OpenUploads, storedOpenUploads } from "./uploader/open-uploads.ts";
import { createUploader, type Uploader } from "./uploader/uploader.ts";
import type { UploadItem } from "./uploader/upload-state.ts";

type Held = { userId: string; csrf: string; uploader: Uploader; openUploads: OpenUploads };

/** One uploader per person and tab: it outlives the pages, so that sending goes on while its person works elsewhere in the house. */
let held: Held | null = null;

function uploaderOf(userId: string, csrf: string): Held {
  if (held?.userId === userId) {
    held.csrf = csrf;
    return held;
  }
  for (const { key } of held?.uploader.items() ?? []) held?.uploader.pause(key);
  const openUploads = storedOpenUploads(localStorage, userId);
  const uploader = createUploader({
    transport: browserTransport(() => held?.csrf ?? csrf),
    surroundings: browserSurroundings,
    wallClockMs: () => Date.now(),
    openUploads,
  });
  window.addEventListener("beforeunload", (event) => {
    if (uploader.busy()) event.preventDefault();
  });
  held = { userId, csrf, uploader, openUploads };
  return held;
}

const NONE: readonly UploadItem[] = [];

/** The files on their way and what may be done with them. On the server, and for nobody, there are none. */
export function useUploader(): { items: readonly UploadItem[]; uploader: () => Uploader | null } {
  const userId = useUser()?.id;
  const csrf = useCsrf();
  const store = useMemo(() => {
    const uploader = () => (userId ? uploaderOf(userId, csrf).uploader : null);
    return {
      uploader,
      subscribe: (listener: () => void) => uploader()?.subscribe(listener) ?? (() => undefined),
      items: () => uploader()?.items() ?? NONE,
    };
  }, [userId, csrf]);
  const items = useSyncExternalStore(store.subscribe, store.items, () => NONE);
  return { items, uploader: store.uploader };
}

/** Uploads that were begun in this browser and can go on once their file is chosen again. What the house no longer knows is forgotten. */
export function useOpenUploads(items: readonly UploadItem[]): { open: OpenUpload[]; forget: (key: string) => void } {
  const userId = useUser()?.id;
  const csrf = useCsrf();
  const [open, setOpen] = useState<OpenUpload[]>([]);
  useEffect(() => {
    if (!userId) return;
    const leaving = new AbortController();
    const { openUploads } = uploaderOf(userId, csrf);
    void stillOpen(openUploads, csrf, leaving.signal).then((known) => {
      if (!leaving.signal.aborted) setOpen(known);
    });
    return () => leaving.abort();
  }, [userId, csrf]);
  const listed = new Set(items.map(({ key }) => key));
  return {
    open: open.filter(({ fingerprint }) => !listed.has(fingerprint)),
    forget(fingerprint) {
      if (userId) uploaderOf(userId, csrf).openUploads.forget(fingerprint);
      setOpen((known) => known.filter((upload) => upload.fingerprint !== fingerprint));
    },
  };
}

async function stillOpen(openUploads: OpenUploads, csrf: string, signal: AbortSignal): Promise<OpenUpload[]> {
  const known = await Promise.all(
    openUploads.list().map(async (upload) => {
      const path = `/api/v1/uploads/${upload.uploadId}`;
      try {
        const { value } = await callApi<{ state: string }>({ method: "GET", path, csrf, signal });
        if (value.state === "receiving") return upload;
        openUploads.forget(upload.fingerprint);
      } catch (error) {
        if (!(error instanceof RefusedError && error.refusal.status === 404)) return upload;
        openUploads.forget(upload.fingerprint);
      }
      return null;
    }),
  );
  return known.filter((upload) => upload !== null);
}
