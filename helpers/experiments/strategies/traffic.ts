import { batchOf, predictionsOf } from '../../serving/requests.ts';
import type { PredictionTrafficPlan } from '../../traffic/plan.ts';
import { commonPlan, CONTROL_RATE, defaultControl } from '../under-traffic.ts';
import type { Site } from './site.ts';

/** Calls a second: a hundred in all, at which no rolling, blue-green or canary deployment may lose one. */
const RATES = { newConnection: 45, keptAlive: 45, batch: 5, session: 5, control: CONTROL_RATE } as const;
/** Calls of users a second, over all paths. */
export const USER_RATE = RATES.newConnection + RATES.keptAlive + RATES.batch + RATES.session;
/** Users of an A/B test, who have to keep their variant: each calls every few seconds. */
const USERS = 20;

/** The traffic on a model: its samples, asked in turn at where users enter. */
export function modelTraffic({ context, url, strategy }: Site): PredictionTrafficPlan {
  const { target, cluster } = context;
  const batch = batchOf(target);
  return {
    kind: 'predictions',
    url,
    predictions: predictionsOf(target),
    ...(batch === undefined ? {} : { batch }),
    rates: RATES,
    sessions: strategy === 'a_b_test' ? USERS : 0,
    control: defaultControl(cluster),
    ...commonPlan(context, target.serving.deadlineMs),
  };
}
