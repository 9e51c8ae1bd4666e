import { workerData, parentPort } from 'node:worker_threads';
import { monotonicMs } from './clock.ts';

/** Something that comes due again and again. */
export interface Lane {
  /** First due moment and interval, in ms of the machine's monotonic clock. */
  first: number;
  every: number;
}

/** What the ticker says: lane `lane` is due at `due`. */
export interface Tick {
  lane: number;
  due: number;
}

/**
 * A thread that does nothing but wait for the next due moment and tell it. It sleeps in the kernel (`Atomics.wait`), which is punctual
 * to a fraction of a millisecond and costs nothing, where timers of the event loop are rounded to whole milliseconds.
 */
function tick({ lanes, stop }: { lanes: Lane[]; stop: SharedArrayBuffer }): void {
  const flag = new Int32Array(stop);
  const next = lanes.map(({ first }) => first);
  for (;;) {
    const due = Math.min(...next);
    if (!Number.isFinite(due)) return;
    const wait = due - monotonicMs();
    if (wait > 0) Atomics.wait(flag, 0, 0, wait);
    if (Atomics.load(flag, 0) !== 0) return;
    if (monotonicMs() < due) continue;
    const lane = next.indexOf(due);
    next[lane] = due + (lanes[lane]?.every ?? Infinity);
    parentPort?.postMessage({ lane, due } satisfies Tick);
  }
}

tick(workerData as Parameters<typeof tick>[0]);
