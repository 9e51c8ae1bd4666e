import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';
import type { Progress } from '../provider.ts';

/** A lock whose holder stopped touching it for this long (ms) counts as left behind by a killed process. */
const staleAfterMs = 10_000;
/** A cold build under the lock takes minutes; whoever waits longer than this (ms) is told that something is wrong. */
const waitAtMostMs = 60 * 60_000;

/**
 * Runs `work` while no other process of this machine does what the lock `file` guards. The lock of a process that was killed
 * falls free after ten seconds.
 */
export async function withLock<T>(file: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const take = (retries: number) =>
    lock(file, {
      realpath: false,
      stale: staleAfterMs,
      update: 2_000,
      retries: { retries, minTimeout: 250, maxTimeout: 1_000 },
    });
  const release = await take(0).catch(() => {
    progress('another run is working on the cluster: waiting for it');
    return take(waitAtMostMs / 1_000);
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
