import { harmless, seconds } from '../format.ts';
import type { Progress } from '../cluster/provider.ts';

/** Progress on standard error, each line with the time since the start: what is on standard output can be piped. */
export function progressLines(): Progress {
  const start = performance.now();
  return (message) => {
    console.error(`[${seconds(performance.now() - start).padStart(6)}] ${harmless(message)}`);
  };
}
