import type { AskedPrediction } from '../serving/requests.ts';
import { controlLane } from './caller.ts';
import type { Caller, Callers } from './caller.ts';
import { grpcWays } from './grpc-predictions.ts';
import { httpWays } from './http-predictions.ts';
import type { PredictionTrafficPlan } from './plan.ts';
import type { Ended } from './send.ts';

/** Asks for a prediction once. Never rejects. */
type Ask = (asked: AskedPrediction, id: number) => Promise<Ended>;

/** The ways by which the clients of a protocol come, each with its connections. */
export interface Ways {
  /** A new connection for each call. */
  fresh: Ask;
  /** Connections that are kept, in turn. */
  kept: Ask;
  /** A user, who keeps a connection, and what the server hands out. */
  user: () => Ask;
  close: () => void;
}

/** Predictions are asked without preparation: one of each sample shows whether the model can be asked at all. @throws Error when it cannot. */
export async function predictionCallers(plan: PredictionTrafficPlan): Promise<Callers> {
  const { predictions, batch, rates, sessions } = plan;
  const protocol = predictions[0]?.protocol ?? 'rest';
  const ways = protocol === 'tensorflow-grpc' ? grpcWays(plan) : httpWays(plan);
  try {
    for (const asked of [...predictions, ...(batch === undefined ? [] : [batch])]) {
      const { outcome, error = '' } = await ways.fresh(asked, 0);
      if (outcome !== 'served') throw new Error(`the prediction of ${asked.name} is not served: ${outcome}: ${error}`);
    }
  } catch (thrown) {
    ways.close();
    throw thrown;
  }
  const inTurn = (ask: Ask) => {
    let turn = 0;
    return (id: number): Promise<Ended> => {
      const asked = predictions[turn++ % predictions.length];
      if (asked === undefined) throw new Error('there is no sample to ask for');
      return ask(asked, id);
    };
  };
  const method = 'predict';
  const lanes: Caller[] = [
    {
      rate: rates.newConnection,
      phase: 0,
      facts: { path: 'new-connection', method },
      call: inTurn(ways.fresh),
    },
    // Half an interval after the new connections: together they look twice as often as each alone.
    { rate: rates.keptAlive, phase: 0.5, facts: { path: 'kept-alive', method }, call: inTurn(ways.kept) },
    ...(batch === undefined
      ? []
      : [
          {
            rate: rates.batch,
            phase: 0.25,
            facts: { path: 'batch' as const, method: 'batch_predict' },
            call: (id: number) => ways.kept(batch, id),
          },
        ]),
    ...Array.from({ length: sessions }, (_, session): Caller => ({
      rate: rates.session / sessions,
      phase: session / sessions,
      facts: { path: 'session', method, session },
      call: inTurn(ways.user()),
    })),
    ...controlLane(plan),
  ];
  return {
    lanes,
    long: [],
    server: { protocol, stateful: false },
    close: () => {
      ways.close();
      return Promise.resolve();
    },
  };
}
