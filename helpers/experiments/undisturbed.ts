import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../cluster/provider.ts';
import { History } from '../history/history.ts';
import { cpuTime } from '../traffic/machine.ts';
import { disturbanceOf } from '../verdict/disturbance.ts';
import { thresholds } from '../verdict/thresholds.ts';
import { waitUntil } from '../wait.ts';

/** An attempt that says nothing, since the machine was disturbed. */
export interface Disturbed {
  /** Where it was set aside, below the experiment's folder. */
  folder: string;
  why: string;
}

/** After so many disturbed attempts the last one stands, and is inconclusive. */
const ATTEMPTS = 3;
/** As long as the host takes the CPU away, another attempt would fare no better; after this it is made all the same. In ms. */
const CALM_WITHIN_MS = 3 * 60_000;
const LOOK_EVERY_MS = 2_000;
const PREFIX = 'disturbed-';

interface Attempted {
  folder: string;
  /** The history, and the lock that other processes wait for. */
  history: string;
  lock: string;
  progress: Progress;
  signal: AbortSignal;
  /** Awaited before another attempt; by default until the host leaves the machine its CPU. */
  calm?: ((signal: AbortSignal) => Promise<void>) | undefined;
}

/**
 * Makes an attempt, and another one as long as the machine's host kept the observer from seeing. That hides nothing: such an attempt has no
 * verdict, its history is kept beside the new one, and the new one names it. Whatever the target did, it is not tried again for that.
 */
export async function undisturbed(
  { folder, history, lock, progress, signal, calm = hostIsCalm }: Attempted,
  attempt: (before: readonly Disturbed[]) => Promise<void>,
): Promise<void> {
  const before: Disturbed[] = [];
  for (;;) {
    await attempt(before);
    const made = History.read(history);
    const why = made?.end?.status === 'completed' ? disturbanceOf(made) : undefined;
    if (why === undefined || before.length + 1 >= ATTEMPTS || signal.aborted) return;
    const aside = `${PREFIX}${String(before.length + 1)}`;
    setAside(folder, aside, lock);
    before.push({ folder: aside, why });
    progress(`it is made again, attempt ${String(before.length + 1)} of ${String(ATTEMPTS)}: ${why}`);
    await calm(signal);
  }
}

function setAside(folder: string, aside: string, lock: string): void {
  mkdirSync(join(folder, aside));
  for (const name of readdirSync(folder))
    if (!name.startsWith(PREFIX) && join(folder, name) !== lock)
      renameSync(join(folder, name), join(folder, aside, name));
}

/** Until the host leaves the machine its CPU, as far as the machine can tell. */
async function hostIsCalm(signal: AbortSignal): Promise<void> {
  let last = cpuTime();
  if (last === undefined) return;
  const isCalm = () => {
    const time = cpuTime();
    const share =
      time === undefined || last === undefined ? 0 : (time.stolen - last.stolen) / (time.total - last.total);
    last = time;
    return share < thresholds.machineStolen.value;
  };
  const options = { timeoutMs: CALM_WITHIN_MS, everyMs: LOOK_EVERY_MS, signal };
  let looks = 0;
  await waitUntil('the host leaves the machine its CPU', () => looks++ > 0 && isCalm(), options).catch(() => undefined);
}
