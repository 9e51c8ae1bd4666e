import { VERSION_HEADER } from '../serving/json-predictions.ts';
import { outcomeOfAnswer } from '../serving/predictions.ts';
import type { AskedPrediction } from '../serving/predictions.ts';
import { Agents } from './agents.ts';
import { controlLane } from './caller.ts';
import type { Caller, Callers } from './caller.ts';
import { CookieJar } from './cookies.ts';
import type { PredictionTrafficPlan } from './plan.ts';
import { send } from './send.ts';
import type { Ended, Prepared } from './send.ts';

/** Predictions are asked without preparation: one of each sample shows whether the model can be asked at all. @throws Error when it cannot. */
export async function predictionCallers(plan: PredictionTrafficPlan): Promise<Callers> {
  const { predictions, batch, rates, sessions } = plan;
  const agents = new Agents(plan.url, plan.rates.keptAlive);
  const singles = predictions.map((asked) => prepare(asked, plan));
  const together = batch === undefined ? undefined : prepare(batch, plan);
  try {
    for (const { name, prepared } of [...singles, ...(together === undefined ? [] : [together])]) {
      const { outcome, error = '' } = await send(prepared, 0, agents.fresh());
      if (outcome !== 'served') throw new Error(`the prediction of ${name} is not served: ${outcome}: ${error}`);
    }
  } catch (thrown) {
    agents.close();
    throw thrown;
  }
  const inTurn = (agent: () => ReturnType<Agents['fresh']>, jar?: CookieJar) => {
    let turn = 0;
    return (id: number): Promise<Ended> => {
      const { prepared } = singles[turn++ % singles.length] ?? {};
      if (prepared === undefined) throw new Error('there is no sample to ask for');
      return send(jar === undefined ? prepared : jar.attach(prepared), id, agent());
    };
  };
  const method = 'predict';
  const lanes: Caller[] = [
    {
      rate: rates.newConnection,
      phase: 0,
      facts: { path: 'new-connection', method },
      call: inTurn(() => agents.fresh()),
    },
    // Half an interval after the new connections: together they look twice as often as each alone.
    { rate: rates.keptAlive, phase: 0.5, facts: { path: 'kept-alive', method }, call: inTurn(() => agents.kept()) },
    ...(together === undefined
      ? []
      : [
          {
            rate: rates.batch,
            phase: 0.25,
            facts: { path: 'batch' as const, method: 'batch_predict' },
            call: (id: number) => send(together.prepared, id, agents.kept()),
          },
        ]),
    ...Array.from({ length: sessions }, (_, session): Caller => {
      const agent = agents.keptAlive();
      return {
        rate: rates.session / sessions,
        phase: session / sessions,
        facts: { path: 'session', method, session },
        call: inTurn(() => agent, new CookieJar()),
      };
    }),
    ...controlLane(plan),
  ];
  return {
    lanes,
    long: [],
    server: { protocol: 'rest', stateful: false },
    close: () => {
      agents.close();
      return Promise.resolve();
    },
  };
}

function prepare(asked: AskedPrediction, { url, limits }: PredictionTrafficPlan): { name: string; prepared: Prepared } {
  const body = JSON.stringify(asked.body);
  return {
    name: asked.name,
    prepared: {
      url: new URL(asked.path, url),
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: () => body,
      limitMs: limits.callMs,
      judge: ({ httpStatus, text, headers }) => {
        const version = headers[VERSION_HEADER];
        const told = typeof version === 'string' ? { headers: new Headers({ [VERSION_HEADER]: version }) } : {};
        return outcomeOfAnswer(asked, { httpStatus, text, ...told });
      },
    },
  };
}
