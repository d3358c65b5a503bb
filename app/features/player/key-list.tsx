import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useCopy } from "#app/copy/define-copy.ts";
import { playerCopy } from "#app/copy/player.ts";
import { CONTROL } from "./control-look.ts";

/** The keys that the player knows. */
export function KeyList({ onClose }: { onClose: () => void }) {
  const copy = useCopy(playerCopy);
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    close.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const { keyList } = copy;
  const rows: readonly [keys: string[], words: string][] = [
    [[copy.space, "k"], keyList.toggle],
    [["j", "l"], keyList.ten],
    [["←", "→"], keyList.five],
    [["↑", "↓"], keyList.volume],
    [["m"], keyList.mute],
    [["f"], keyList.fullScreen],
    [["c"], keyList.captions],
    [["0", "–", "9"], keyList.share],
    [["<", ">"], keyList.rate],
    [["?"], keyList.keys],
  ];
  return (
    <div role="dialog" aria-label={copy.keys} className="absolute inset-0 z-20 overflow-y-auto bg-stage/95 p-4 @xl:p-8">
      <div className="flex items-center justify-between gap-4">
        <h2 className="text-lg">{copy.keys}</h2>
        <button ref={close} type="button" aria-label={copy.close} className={CONTROL} onClick={onClose}>
          <X aria-hidden="true" />
        </button>
      </div>
      <dl className="mt-2 grid gap-x-10 gap-y-2 text-sm @xl:grid-cols-2">
        {rows.map(([keys, words]) => (
          <div key={words} className="flex items-baseline justify-between gap-4">
            <dt>{words}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-6 rounded-sm border border-on-stage/40 px-1.5 text-center font-sans text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
