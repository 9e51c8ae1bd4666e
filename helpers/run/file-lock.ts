import { lock } from 'proper-lockfile';

/** A lock whose holder has not touched it for this long counts as left behind by a killed process, in ms. */
const STALE_AFTER_MS = 60_000;
/** How often who waits looks again, in ms. */
const LOOK_EVERY_MS = 250;

/** Runs `work` while no other process does what the lock for `file` guards. Waits as long as it takes; the caller's time limit ends that. */
export async function withFileLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const retries = { forever: true, minTimeout: LOOK_EVERY_MS, maxTimeout: LOOK_EVERY_MS };
  const release = await lock(file, { realpath: false, stale: STALE_AFTER_MS, update: STALE_AFTER_MS / 6, retries });
  try {
    return await work();
  } finally {
    await release();
  }
}
