import { affinity, declared, replicas, usage } from './autoscaling-history.ts';
import { changed, failedStep, isFact, without } from './histories.ts';
import type { Damages } from './histories.ts';

/** For every check on what follows the load: what turns it red, and what blinds it. */
export const autoscalingDamages: Record<string, Damages> = {
  'model.autoscaling.declared': {
    fail: changed(isFact('autoscaler'), { value: { ...declared, cpu: 90 } }),
    // An autoscaler that cannot scale.
    alsoFail: [changed(isFact('autoscaler'), { value: { ...declared, max: declared.min } })],
    inconclusive: without(isFact('autoscaler')),
  },
  'model.autoscaling.up': {
    fail: failedStep('scale-up', 'more than 3 replicas are ready: not within 240 s'),
    // The autoscaler never knew what the pods used.
    inconclusive: without(isFact('replicas')),
  },
  'model.autoscaling.down': {
    // The autoscaler went below what was declared, and stayed there.
    fail: changed(isFact('replicas'), { value: replicas(1, 3, 5, 2) }),
    inconclusive: changed(isFact('replicas'), { value: replicas(1) }),
  },
  'model.autoscaling.affinity': {
    fail: changed(isFact('affinity'), { value: { ...affinity, entry: affinity.spread } }),
    // All pods but one counted nothing in either way: there was nothing to be kept from.
    inconclusive: changed(isFact('affinity'), { value: { ...affinity, spread: affinity.entry } }),
  },
  'model.autoscaling.annotations': {
    fail: changed(isFact('annotations'), { value: {} }),
    inconclusive: without(isFact('annotations')),
  },
  'model.autoscaling.gate.resources': {
    fail: changed(isFact('usage'), { value: { ...usage, pods: usage.pods.map((pod) => ({ ...pod, oomKills: 1 })) } }),
    inconclusive: changed(isFact('usage'), { value: { ...usage, pods: [] } }),
  },
};
