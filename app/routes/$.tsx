import { notFoundPage } from "#app/carry.ts";

/** Every address that names no page. */
export const loader = notFoundPage;
export const action = notFoundPage;

/** Never shown; it makes the route a page, so that the ErrorBoundary answers in its place. */
export default function NotFound() {
  return null;
}
