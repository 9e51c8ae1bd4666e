import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';

/**
 * A lock whose holder has not touched it for this long counts as left behind by a killed process, in ms. Who is killed while bringing up a
 * cluster keeps the next one waiting this long; a holder that is merely starved of CPU must not lose it.
 */
const STALE_AFTER_MS = 15_000;
/** How often who waits looks again, in ms. */
const LOOK_EVERY_MS = 250;

/** The folder that stands for the lock. */
export function lockOf(file: string): string {
  return `${file}.lock`;
}

/**
 * Runs `work` while no other process does what the lock for `file` guards. Waits as long as it takes, after saying so by `onWait`; the
 * caller's time limit ends that.
 */
export async function withFileLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const options = { lockfilePath: lockOf(file), realpath: false, stale: STALE_AFTER_MS, update: STALE_AFTER_MS / 6 };
  const release = await lock(file, options).catch((thrown: unknown) => {
    if ((thrown as NodeJS.ErrnoException).code !== 'ELOCKED') throw thrown;
    onWait?.();
    return lock(file, { ...options, retries: { forever: true, minTimeout: LOOK_EVERY_MS, maxTimeout: LOOK_EVERY_MS } });
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
