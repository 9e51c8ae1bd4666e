import { VERSION_HEADER } from '../serving/json-predictions.ts';
import { outcomeOfAnswer } from '../serving/predictions.ts';
import type { AskedPrediction } from '../serving/requests.ts';
import { Agents } from './agents.ts';
import { CookieJar } from './cookies.ts';
import type { PredictionTrafficPlan } from './plan.ts';
import type { Ways } from './prediction-callers.ts';
import { send } from './send.ts';
import type { Prepared } from './send.ts';

/** Predictions over HTTP. */
export function httpWays(plan: PredictionTrafficPlan): Ways {
  const agents = new Agents(plan.url, plan.rates.keptAlive);
  const all = [...plan.predictions, ...(plan.batch === undefined ? [] : [plan.batch])];
  // Everything that does not change from call to call is made once.
  const prepared = new Map(all.map((asked) => [asked, prepare(asked, plan)]));
  const preparedFor = (asked: AskedPrediction) => prepared.get(asked) ?? prepare(asked, plan);
  return {
    fresh: (asked, id) => send(preparedFor(asked), id, agents.fresh()),
    kept: (asked, id) => send(preparedFor(asked), id, agents.kept()),
    user: () => {
      const agent = agents.keptAlive();
      const jar = new CookieJar();
      return (asked, id) => send(jar.attach(preparedFor(asked)), id, agent);
    },
    close: () => {
      agents.close();
    },
  };
}

function prepare(asked: AskedPrediction, { url, limits }: PredictionTrafficPlan): Prepared {
  const body = JSON.stringify(asked.body);
  return {
    url: new URL(asked.path, url),
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: () => body,
    limitMs: limits.callMs,
    judge: ({ httpStatus, text, headers }) => {
      const version = headers[VERSION_HEADER];
      const told = typeof version === 'string' ? { headers: new Headers({ [VERSION_HEADER]: version }) } : {};
      return outcomeOfAnswer(asked, { httpStatus, text, ...told });
    },
  };
}
