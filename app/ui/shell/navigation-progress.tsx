import { useLocation, useNavigation } from "@remix-run/react";
import { useEffect, useState } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { shellCopy } from "#app/copy/shell.ts";

/** A page that comes faster than this needs no sign of waiting. */
const QUIET_MS = 150;

/** A hairline under the top bar while the next page is on its way; for those who listen, a word, and the title on arrival. */
export function NavigationProgress() {
  const copy = useCopy(shellCopy);
  const waiting = useNavigation().state !== "idle";
  const [shown, setShown] = useState(false);
  const [arrived, setArrived] = useState("");
  const { pathname } = useLocation();
  const [left, setLeft] = useState(pathname);

  useEffect(() => {
    if (!waiting) return setShown(false);
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  useEffect(() => {
    if (pathname === left) return;
    setLeft(pathname);
    setArrived(document.title);
  }, [pathname, left]);

  return (
    <>
      {shown ? (
        <div aria-hidden="true" className="fixed inset-x-0 top-14 z-30 h-0.5 overflow-hidden">
          <div className="h-full w-1/3 animate-sweep bg-accent" />
        </div>
      ) : null}
      <p role="status" aria-live="polite" className="sr-only">
        {shown ? copy.loading : arrived}
      </p>
    </>
  );
}
