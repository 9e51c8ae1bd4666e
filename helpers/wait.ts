import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from './errors.ts';

/**
 * Asks again and again until `condition` holds; for conditions of processes and files that nothing announces (for Kubernetes
 * objects there are watches). A condition that throws does not hold yet.
 * @throws Error naming `what` and the last error when it does not hold within `timeoutMs`.
 */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 50, signal }: { timeoutMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let last = 'it did not hold';
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    try {
      if (await condition()) return;
    } catch (thrown) {
      last = messageOf(thrown);
    }
    await delay(everyMs);
  }
  throw new Error(`Waited ${String(timeoutMs / 1000)} s in vain until ${what}: ${last}`);
}
