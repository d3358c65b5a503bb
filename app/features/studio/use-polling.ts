import { useEffect, useRef } from "react";
import { pollDelayMs } from "./poll-delay.ts";

/** Does `ask` again and again while `active`: never two at once, at once when the page is seen again, less often while it is not. */
export function usePolling(ask: () => Promise<void>, active: boolean): void {
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  }, [ask]);
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout>;
    let failures = 0;
    let asking = false;
    let stopped = false;
    const next = () => {
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(() => void run(), pollDelayMs({ hidden: document.hidden, failures }));
    };
    const run = async () => {
      if (asking) return;
      asking = true;
      try {
        await latest.current();
        failures = 0;
      } catch {
        failures++;
      }
      asking = false;
      next();
    };
    const seen = () => {
      if (!document.hidden) void run();
    };
    document.addEventListener("visibilitychange", seen);
    next();
    return () => {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [active]);
}
