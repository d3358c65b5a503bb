import { useLocation, useNavigation } from "@remix-run/react";
import { useEffect, useRef, useState } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { shellCopy } from "#app/copy/shell.ts";

/** After this long, those who listen are told that something is on its way. */
const SLOW_MS = 1_000;

/**
 * A hairline under the top bar while the next page is on its way; a page that comes at once shows none (its animation starts late).
 * For those who listen: a word when it takes long, and the title on arrival.
 */
export function NavigationProgress() {
  const copy = useCopy(shellCopy);
  const waiting = useNavigation().state !== "idle";
  const { pathname } = useLocation();
  const here = useRef(pathname);
  const [said, setSaid] = useState("");

  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(() => setSaid(copy.loading), SLOW_MS);
    return () => clearTimeout(timer);
  }, [waiting, copy]);
  useEffect(() => {
    if (pathname === here.current) return;
    here.current = pathname;
    const timer = setTimeout(() => setSaid(document.title));
    return () => clearTimeout(timer);
  }, [pathname]);

  return (
    <>
      {waiting ? (
        <div aria-hidden="true" className="fixed inset-x-0 top-14 z-30 h-0.5 animate-late overflow-hidden">
          <div className="h-full w-1/3 animate-sweep bg-accent" />
        </div>
      ) : null}
      <p role="status" aria-live="polite" className="sr-only">
        {said}
      </p>
    </>
  );
}
