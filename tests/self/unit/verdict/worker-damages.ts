import { changed, isFact, isStep, without, type Damage } from './histories.ts';

const served = { outcome: 'served', httpStatus: 200, result: 'ok' };
const refusal = { outcome: 'http-error', httpStatus: 401 };

export const workerDamages: Record<string, { fail: Damage; inconclusive: Damage }> = {
  'worker.answers-health': {
    fail: changed(isStep('health'), { detail: { ...served, status: 'ok', toolCount: 2 } }),
    inconclusive: without(isStep('tools')),
  },
  'worker.lists-tools': {
    fail: changed(isStep('tools'), { detail: { ...served, tools: 3, found: false } }),
    inconclusive: without(isStep('tools')),
  },
  'worker.invokes-tools': {
    fail: changed(isStep('invoke'), { detail: { outcome: 'wrong-payload', error: 'another value' } }),
    inconclusive: without(isStep('invoke')),
  },
  'worker.refuses-strangers': {
    fail: changed(isStep('refuse.expired'), { detail: { token: 'expired', tools: refusal, invoke: served } }),
    inconclusive: without(isStep('refuse.unsigned')),
  },
  'worker.carries-errors': {
    fail: changed(isStep('fail.tool'), { detail: served }),
    inconclusive: without(isStep('fail.unknown')),
  },
  'worker.stays-correct-while-rolling': {
    fail: changed(isFact('worker.rolled'), {
      value: { podsBefore: ['a', 'b'], podsAfter: ['c', 'd'], calls: 414, served: 411 },
    }),
    // A pod that stayed: the change did not happen.
    inconclusive: changed(isFact('worker.rolled'), {
      value: { podsBefore: ['a', 'b'], podsAfter: ['a', 'c'], calls: 414, served: 414 },
    }),
  },
};
