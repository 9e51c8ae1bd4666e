import { setTimeout as delay } from 'node:timers/promises';
import type { AskedFact } from '../../health/facts.ts';
import { ask } from '../../serving/ask.ts';
import type { AskedPrediction } from '../../serving/requests.ts';

/** A replica that is asked directly. */
export interface Asking {
  url: string;
  deadlineMs: number;
}

/** One prediction that was asked for: how long it took from the moment at which it was due, in ms, and why it counts as lost. */
export interface Asked {
  ms: number;
  error?: string;
}

/** Asks for one prediction, and looks at what comes back. */
async function askOnce({ url, deadlineMs }: Asking, asked: AskedPrediction, due = performance.now()): Promise<Asked> {
  const { outcome, error = outcome } = await ask(asked, url, { deadlineMs });
  return { ms: performance.now() - due, ...(outcome === 'served' ? {} : { error }) };
}

/** Asks one after the other. */
export async function askInTurn(replica: Asking, requests: readonly AskedPrediction[]): Promise<Asked[]> {
  const found: Asked[] = [];
  for (const request of requests) found.push(await askOnce(replica, request));
  return found;
}

/** So many clients that each ask again as soon as they are answered, for `durationMs`. */
export async function askBusily(
  replica: Asking,
  request: AskedPrediction,
  { clients, durationMs, signal }: { clients: number; durationMs: number; signal: AbortSignal },
): Promise<Asked[]> {
  const end = performance.now() + durationMs;
  const one = async () => {
    const found: Asked[] = [];
    while (performance.now() < end) {
      signal.throwIfAborted();
      found.push(await askOnce(replica, request));
    }
    return found;
  };
  return (await Promise.all(Array.from({ length: clients }, one))).flat();
}

/** Asks the requests in turn, `ratePerS` a second for `durationMs`, however long the answers take. */
export async function askSteadily(
  replica: Asking,
  requests: readonly AskedPrediction[],
  { ratePerS, durationMs, signal }: { ratePerS: number; durationMs: number; signal: AbortSignal },
): Promise<Asked[]> {
  const start = performance.now();
  const calls = Math.round((ratePerS * durationMs) / 1000);
  const running: Promise<Asked>[] = [];
  for (let index = 0; index < calls; index++) {
    const due = start + (index * 1000) / ratePerS;
    const wait = due - performance.now();
    if (wait > 0) await delay(wait, undefined, { signal });
    const request = requests[index % requests.length];
    if (request !== undefined) running.push(askOnce(replica, request, due));
  }
  return Promise.all(running);
}

/** As many as `count`, taken in turn; none where there is nothing to take from. */
export function repeated<T>(items: readonly T[], count: number): T[] {
  return items.length === 0 ? [] : Array.from({ length: count }, (_, index) => items[index % items.length] as T);
}

/** What was asked, in figures. */
export function figuresOf(calls: readonly Asked[]): AskedFact {
  const sum = calls.reduce((total, { ms }) => total + ms, 0);
  return {
    calls: calls.length,
    failed: calls.filter(({ error }) => error !== undefined).length,
    averageMs: calls.length === 0 ? 0 : sum / calls.length,
    slowestMs: calls.reduce((most, { ms }) => Math.max(most, ms), 0),
  };
}
