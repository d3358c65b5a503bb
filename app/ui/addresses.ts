/** The page on which a video plays. */
export const videoPath = (videoId: string) => `/watch/v/${videoId}`;
/** A channel's page. */
export const channelPath = (handle: string) => `/c/${handle}`;
/** The sign-in page that comes back to `path` afterwards. */
export const signInPath = (path: string) => (path === "/" ? "/login" : `/login?next=${encodeURIComponent(path)}`);
