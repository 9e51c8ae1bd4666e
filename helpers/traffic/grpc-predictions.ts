import { addressOf, ask, askOver } from '../serving/ask.ts';
import { TensorflowCalls } from '../serving/tensorflow/calls.ts';
import { KEPT_CONNECTIONS } from './agents.ts';
import type { PredictionTrafficPlan } from './plan.ts';
import type { Ways } from './prediction-callers.ts';

/**
 * Predictions over gRPC. A connection carries many calls at once, and stays with the replica that it met until one of the two closes it:
 * a client with a single one would never see the others.
 */
export function grpcWays({ url, limits }: PredictionTrafficPlan): Ways {
  const address = addressOf(url);
  const open: TensorflowCalls[] = [];
  const connection = () => {
    const calls = new TensorflowCalls(address, { own: true });
    open.push(calls);
    return calls;
  };
  const keptOnes = Array.from({ length: KEPT_CONNECTIONS }, connection);
  const met = new Set<TensorflowCalls>();
  let turn = 0;
  return {
    fresh: (asked) => ask(asked, url, { deadlineMs: limits.callMs, fresh: true }),
    kept: async (asked) => {
      const calls = keptOnes[turn++ % KEPT_CONNECTIONS] ?? connection();
      const reused = met.has(calls) ? { reused: true as const } : {};
      met.add(calls);
      return { ...(await askOver(calls, asked, limits.callMs)), ...reused };
    },
    user: () => {
      const calls = connection();
      return (asked) => askOver(calls, asked, limits.callMs);
    },
    close: () => {
      for (const calls of open) calls.close();
    },
  };
}
