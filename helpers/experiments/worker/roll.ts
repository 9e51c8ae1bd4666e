import { setTimeout as delay } from 'node:timers/promises';
import { selectorText } from '../../gateways/reach.ts';
import { now } from '../../history/history.ts';
import type { CallRecord } from '../../history/records.ts';
import { isReady } from '../../kubernetes/pods.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import type { ExperimentContext } from '../types.ts';

/** Told when pods are to start anew; kubectl sets it too. */
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** Starting, and stopping with calls in flight, in ms. */
const ROLL_LIMIT_MS = 240_000;

/** One call is due every so many ms; and for so long after the last old pod is gone. */
const EVERY_MS = 100;
const AFTERWARDS_MS = 2000;

/** What was seen while the worker rolled. */
export interface Rolled {
  deployment: string;
  podsBefore: string[];
  podsAfter: string[];
  calls: number;
  served: number;
}

/** Replaces every pod behind a Service, as `kubectl rollout restart` does, while `call` is made again and again. */
export async function rollUnder(
  { history, signal }: ExperimentContext,
  kube: Kube,
  service: string,
  call: (due: number) => Promise<CallRecord>,
): Promise<Rolled> {
  const labelSelector = selectorText((await kube.get(kinds.service, { name: service })).spec?.selector);
  const pods = async () => (await kube.list(kinds.pod, { labelSelector }, signal)).items;
  const uids = async () => (await pods()).map(({ metadata }) => metadata?.uid ?? '').sort();
  const name = await deploymentOf(kube, labelSelector);
  const podsBefore = await uids();
  const calls = new Calls(call);
  try {
    history.write('patch', `Deployment/${name}`, kube.namespace);
    const annotations = { [RESTARTED]: new Date().toISOString() };
    await kube.patch(kinds.deployment, { name }, { spec: { template: { metadata: { annotations } } } });
    await waitFor(
      kube,
      `every pod of Deployment/${name} is new and ready`,
      { resource: kinds.pod, selection: { namespace: kube.namespace ?? '', labelSelector } },
      (found) =>
        found.length >= podsBefore.length &&
        found.every((pod) => isReady(pod) && !podsBefore.includes(pod.metadata?.uid ?? '')),
      { timeoutMs: ROLL_LIMIT_MS, signal },
    );
    // Late effects show in the next calls, not in the ones before.
    await calls.goOnFor(AFTERWARDS_MS);
  } finally {
    await calls.stop();
  }
  return { deployment: name, podsBefore, podsAfter: await uids(), calls: calls.made, served: calls.served };
}

async function deploymentOf(kube: Kube, labelSelector: string): Promise<string> {
  const { items } = await kube.list(kinds.deployment);
  const wanted = labelSelector.split(',');
  const found = items.find(({ spec }) => {
    const labels = Object.entries(spec?.template.metadata?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
    return wanted.every((label) => labels.includes(label));
  });
  const name = found?.metadata?.name;
  if (name === undefined) throw new Error(`no Deployment has the pods ${labelSelector}`);
  return name;
}

/** One call after the other, each due at its own moment from the start on. */
class Calls {
  made = 0;
  served = 0;
  #over = false;
  readonly #running: Promise<void>;
  readonly #start = now();

  constructor(call: (due: number) => Promise<CallRecord>) {
    this.#running = this.#run(call);
    // Whoever stops them hears of a failure; before that nobody listens.
    this.#running.catch(() => undefined);
  }

  async goOnFor(ms: number): Promise<void> {
    await Promise.race([delay(ms), this.#running]);
  }

  async stop(): Promise<void> {
    this.#over = true;
    await this.#running;
  }

  async #run(call: (due: number) => Promise<CallRecord>): Promise<void> {
    for (let due = this.#start; !this.#over; due = Math.max(due + EVERY_MS, now())) {
      await delay(Math.max(0, due - now()));
      const { outcome } = await call(due);
      this.made++;
      if (outcome === 'served') this.served++;
    }
  }
}
