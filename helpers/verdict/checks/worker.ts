import { z } from 'zod';
import type { History } from '../../history/history.ts';
import { all, check, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import { thresholds } from '../thresholds.ts';
import type { Finding } from '../types.ts';

/** Checks on the server that the target deploys, called by the worker protocol. A target that declares no worker has none to judge. */
const experiment = 'worker.protocol';

const told = z.object({
  outcome: z.string(),
  httpStatus: z.number().optional(),
  error: z.string().optional(),
  result: z.string().optional(),
});
const health = told.extend({ status: z.string().optional(), toolCount: z.number().optional() });
const tools = told.extend({ tools: z.number().optional(), found: z.boolean().optional() });
const refused = z.object({ token: z.string(), tools: told, invoke: told });
const rolled = z.object({
  podsBefore: z.array(z.string()),
  podsAfter: z.array(z.string()),
  calls: z.number(),
  served: z.number(),
});

/** What a worker answers to whom it does not know. */
const REFUSALS = [401, 403];

/** Tokens that were tried, as `refuse.KIND`. */
const STRANGERS = ['none', 'foreign', 'expired', 'unsigned', 'other-audience', 'other-version'];

export const answersHealth = check({
  id: 'worker.answers-health',
  title: 'The worker tells its health without a token, and counts its tools rightly',
  expected: 'status ok from /worker/health, and as many tools as /worker/tools lists',
  experiment,
  evaluate: (history) =>
    ofWorker(history, () =>
      ofStep(history, 'health', (step, evidence) => {
        const { status, toolCount, outcome } = health.parse(step.detail);
        const listed = tools.safeParse(history.step('tools')?.detail).data?.tools;
        if (status !== 'ok' || toolCount === undefined) return fail(`health: ${status ?? outcome}`, evidence);
        if (listed === undefined) return inconclusive('its tools were not listed, so its count cannot be compared');
        const seen = `${status}, ${String(toolCount)} tools counted, ${String(listed)} listed`;
        return toolCount === listed && listed > 0 ? pass(seen, evidence) : fail(seen, evidence);
      }),
    ),
});

export const listsTools = check({
  id: 'worker.lists-tools',
  title: 'The worker lists its tools to the gateway',
  expected: 'the declared tool in /worker/tools, asked with a token that is signed with the worker secret',
  experiment,
  evaluate: (history) =>
    ofWorker(history, () =>
      ofStep(history, 'tools', (step, evidence) => {
        const { tools: count, found, outcome } = tools.parse(step.detail);
        if (count === undefined) return fail(`no list: ${outcome}`, evidence);
        const seen = `${String(count)} tools, ${found === true ? 'the declared one among them' : 'the declared one not among them'}`;
        return found === true ? pass(seen, evidence) : fail(seen, evidence);
      }),
    ),
});

export const invokesTools = check({
  id: 'worker.invokes-tools',
  title: 'The worker gives the right value when the gateway invokes a tool',
  expected: 'success, with the text that the target declares in the value',
  experiment,
  evaluate: (history) =>
    ofWorker(history, () =>
      ofStep(history, 'invoke', (step, evidence) => {
        const { outcome, error, result } = told.parse(step.detail);
        return outcome === 'served' ? pass(result ?? outcome, evidence) : fail(`${outcome}: ${error ?? ''}`, evidence);
      }),
    ),
});

export const refusesStrangers = check({
  id: 'worker.refuses-strangers',
  title: 'The worker neither lists nor invokes for whom it does not know',
  expected: `HTTP ${REFUSALS.join(' or ')} without a token, and with a foreign, expired, unsigned or otherwise wrong one`,
  experiment,
  evaluate: (history) =>
    ofWorker(history, () =>
      all(
        STRANGERS.map((kind) =>
          ofStep(history, `refuse.${kind}`, (step, evidence) => {
            const { token, ...calls } = refused.parse(step.detail);
            const admitted = Object.entries(calls).filter(([, { httpStatus }]) => !REFUSALS.includes(httpStatus ?? 0));
            const status = ([, { httpStatus, outcome }]: [string, z.infer<typeof told>]) =>
              httpStatus === undefined ? outcome : `HTTP ${String(httpStatus)}`;
            if (admitted.length === 0)
              return pass(`${token}: ${Object.entries(calls).map(status).join(', ')}`, evidence);
            return fail(admitted.map((one) => `token ${token}: ${one[0]} got ${status(one)}`).join(', '), evidence);
          }),
        ),
        'no token was tried',
      ),
    ),
});

export const carriesErrors = check({
  id: 'worker.carries-errors',
  title: 'An error is an error on the way to the gateway, too',
  expected: 'no success for a tool that there is not, and success: false with a message for one that fails',
  experiment,
  evaluate: (history) =>
    ofWorker(history, () =>
      all(
        [
          ofStep(history, 'fail.unknown', (step, evidence) => {
            const { outcome, error } = told.parse(step.detail);
            const isRefused = outcome === 'http-error' || outcome === 'tool-error';
            const seen = `unknown tool: ${error ?? outcome}`;
            return isRefused ? pass(seen, evidence) : fail(seen, evidence);
          }),
          ofStep(history, 'fail.tool', (step, evidence) => {
            const { outcome, error = '' } = told.parse(step.detail);
            const seen = `failing tool: ${error === '' ? outcome : error}`;
            return outcome === 'tool-error' && error !== '' ? pass(seen, evidence) : fail(seen, evidence);
          }),
        ],
        'no error was tried',
      ),
    ),
});

export const staysCorrectWhileRolling = check({
  id: 'worker.stays-correct-while-rolling',
  title: 'The worker answers rightly while all of its pods are replaced',
  expected: `every pod replaced, at least ${String(thresholds.workerCallsWhileRolling.value)} calls meanwhile, all of them served`,
  experiment,
  reason: thresholds.workerCallsWhileRolling.reason,
  evaluate: (history) =>
    ofWorker(history, () => {
      const roll = history.step('roll');
      if (roll === undefined) return inconclusive('the worker was not rolled: it is there already, or did not start');
      return ofStep(history, 'roll', () =>
        ofFact(history, 'worker.rolled', rolled, ({ podsBefore, podsAfter, calls, served }, evidence) => {
          const stayed = podsAfter.filter((pod) => podsBefore.includes(pod));
          if (podsBefore.length === 0 || podsAfter.length === 0 || stayed.length > 0)
            return inconclusive(`${String(stayed.length)} of ${String(podsBefore.length)} pods were not replaced`);
          if (served < calls)
            return fail(`${String(calls - served)} of ${String(calls)} calls were not served`, evidence);
          return calls >= thresholds.workerCallsWhileRolling.value
            ? pass(
                `${String(podsBefore.length)} pods replaced, ${String(served)} of ${String(calls)} calls served`,
                evidence,
              )
            : inconclusive(`only ${String(calls)} calls were made while it rolled`);
        }),
      );
    }),
});

/** `not-applicable` where the target's file declares no worker: there is none on trial. */
function ofWorker(history: History, find: () => Finding): Finding {
  return ofFact(history, 'worker.declared', z.boolean(), (declared) =>
    declared ? find() : { verdict: 'not-applicable', seen: 'the target declares no worker' },
  );
}
