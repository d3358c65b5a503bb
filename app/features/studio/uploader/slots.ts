/** A counting semaphore: at most `max` holders at once, first come first served. */
export type Slots = {
  /** Waits for a place and answers with the function that gives it back. Rejects with the signal's reason when aborted while waiting. */
  take(signal: AbortSignal): Promise<() => void>;
};

export function slots(max: number): Slots {
  let held = 0;
  const queue: (() => void)[] = [];

  const release = () => {
    held--;
    queue.shift()?.();
  };
  const once = (give: () => void) => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      give();
    };
  };

  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const enter = () => {
          signal.removeEventListener("abort", leave);
          held++;
          resolve(once(release));
        };
        const leave = () => {
          queue.splice(queue.indexOf(enter), 1);
          reject(signal.reason as Error);
        };
        if (held < max) return enter();
        queue.push(enter);
        signal.addEventListener("abort", leave, { once: true });
      }),
  };
}
