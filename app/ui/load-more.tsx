import { useLocation, useNavigation, useSearchParams } from "@remix-run/react";
import { LinkButton } from "./button.tsx";
import { Spinner } from "./spinner.tsx";

/** The way on through a list: the next page by its cursor, and back to the beginning. Plain links, so each page has an address. */
export function LoadMore({ nextCursor, words }: { nextCursor: string | null; words: { more: string; first: string } }) {
  const [search] = useSearchParams();
  const { pathname } = useLocation();
  const navigation = useNavigation();
  const going = navigation.state === "loading" && navigation.location.pathname === pathname;
  const to = (cursor: string | null) => {
    const params = new URLSearchParams(search);
    if (cursor) params.set("cursor", cursor);
    else params.delete("cursor");
    return `${pathname}${params.size > 0 ? `?${params}` : ""}`;
  };
  if (!nextCursor && !search.has("cursor")) return null;
  return (
    <div className="mt-10 flex flex-wrap justify-center gap-3">
      {search.has("cursor") ? (
        <LinkButton to={to(null)} variant="quiet">
          {words.first}
        </LinkButton>
      ) : null}
      {nextCursor ? (
        <LinkButton to={to(nextCursor)} rel="next" prefetch="intent" className="relative">
          {going ? <Spinner className="absolute left-2" /> : null}
          {words.more}
        </LinkButton>
      ) : null}
    </div>
  );
}
