import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../../history/history.ts';
import { alertMessage } from '../../notifications/receiver.ts';
import type { Received, Receiver } from '../../notifications/receiver.ts';
import type { CauseFact } from '../../rollout/alert-facts.ts';
import type { Site } from '../strategies/site.ts';
import { endCause } from './causes.ts';
import type { Cause } from './causes.ts';

/** A leak takes half a minute to fill the memory, and a rule its window; longer than that nobody would wait for an alert. In ms. */
const FIRES_WITHIN_MS = 120_000;
/** The window has to be clean again, and Alertmanager tells of it after its interval. In ms. */
const RESOLVES_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 250;

type Status = 'firing' | 'resolved';

/** When each alert was first told of as `status`, as messages say that came after `since`. Pure. */
function toldOf(received: readonly Received[], status: Status, since: number): Map<string, number> {
  const moments = new Map<string, number>();
  for (const { kind, at, body, problems } of received) {
    const message =
      kind === 'alerts' && problems.length === 0 && at >= since ? alertMessage.safeParse(body).data : undefined;
    for (const alert of message?.alerts ?? []) {
      const name = alert.labels.alertname ?? '';
      if (alert.status === status && !moments.has(name)) moments.set(name, at);
    }
  }
  return moments;
}

/** Makes a cause, waits for the messages of its alerts, takes it away, and waits for the messages that they are over. */
export async function watchCause(site: Site, { alerts, begin }: Cause, receiver: Receiver): Promise<CauseFact> {
  const { signal } = site.context;
  const began = now();
  const fired = () => toldOf(receiver.received, 'firing', began);
  await begin(site);
  await until(() => alerts.every((alert) => fired().has(alert)), FIRES_WITHIN_MS, signal);
  const ended = now();
  await endCause(site);
  const resolved = () => toldOf(receiver.received, 'resolved', ended);
  // What else it raised has to be over as well before the next cause is made.
  const open = () => [...fired().keys()].filter((alert) => !resolved().has(alert));
  await until(() => open().length === 0, RESOLVES_WITHIN_MS, signal);
  const meanwhile = receiver.received.filter(({ at }) => at >= began);
  return {
    expected: alerts.map((alert) => ({
      alert,
      ...since('firedAfterMs', fired().get(alert), began),
      ...since('resolvedAfterMs', resolved().get(alert), ended),
    })),
    others: [...fired().keys()].filter((alert) => !alerts.includes(alert)).toSorted(),
    slackMessages: meanwhile.filter(({ kind, problems }) => kind === 'slack' && problems.length === 0).length,
    problems: meanwhile.flatMap(({ kind, problems }) => problems.map((problem) => `${kind}: ${problem}`)),
  };
}

function since<K extends string>(key: K, at: number | undefined, from: number): Partial<Record<K, number>> {
  return at === undefined ? {} : ({ [key]: at - from } as Partial<Record<K, number>>);
}

/** Returns when it holds, or when the time is over: what was missing is told by what was recorded. */
async function until(condition: () => boolean, limitMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!condition() && performance.now() < deadline) await delay(LOOK_EVERY_MS, undefined, { signal });
}
