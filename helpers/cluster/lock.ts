import { withFileLock } from '../file-lock.ts';
import type { Progress } from './provider.ts';

/** Runs `work` while no other run brings the provider's cluster up, joins it or takes it down. */
export function withClusterLock<T>(file: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  return withFileLock(file, work, () => {
    progress('another run is working on the cluster: waiting for it');
  });
}
