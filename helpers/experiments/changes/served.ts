import { EffectWatch } from '../../gateways/effect.ts';
import { seconds } from '../../format.ts';
import type { Ask } from './prepare.ts';
import type { Session } from './session.ts';

/** Longer than nodes take to bring a changed ConfigMap into their pods, in ms. */
const SERVED_LIMIT_MS = 120_000;
/** Pause between two questions to a pod, in ms: nothing is measured here. */
const ASK_EVERY_MS = 1_000;

/** Waits until `ask` is true of every serving pod. @throws Error when that does not come to pass in time. */
export async function servedEverywhere({ context, deployed, serving, at }: Session, ask: Ask): Promise<void> {
  const watch = new EffectWatch({
    kube: deployed.kube,
    labelSelector: serving.labelSelector,
    ask: async (pod) => ask(pod, await at(pod)),
    everyMs: ASK_EVERY_MS,
    signal: context.signal,
  });
  try {
    if (await watch.everywhere(SERVED_LIMIT_MS)) return;
  } finally {
    await watch.stop();
  }
  context.signal.throwIfAborted();
  throw new Error(`not every pod served it within ${seconds(SERVED_LIMIT_MS)}`);
}
