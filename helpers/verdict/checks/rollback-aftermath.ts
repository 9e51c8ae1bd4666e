import { communicationFact, validatedFact } from '../../rollout/facts.ts';
import { startsOf } from '../../traffic/analysis/calls.ts';
import type { Calls } from '../../traffic/analysis/calls.ts';
import { answerableBy, figuresOf } from '../../traffic/analysis/figures.ts';
import { check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import { ofRollout, watchingRollout } from '../rollouts.ts';
import { thresholds } from '../thresholds.ts';

/** What has to be done after a rollback, and what must not lead to one. */
const experiment = 'rollback.triggers';
/** The rollback that is looked at: any of them would do. */
const attempt = 'failing';

const steps = ['health', 'pods', 'samples', 'figures', 'logs'] as const;

export const validation = check({
  id: `${experiment}.validation`,
  title: 'After a rollback the validation steps of the plan are done, and none of them finds anything',
  expected: 'health, pods, samples, figures and logs of the version that is back, all of them well',
  experiment,
  evaluate: (history) =>
    ofRollout(history, attempt, ({ outcome }) => {
      if (outcome.result !== 'rolled-back') return inconclusive(`there was no rollback to validate: ${outcome.result}`);
      return ofFact(history, `validated.${attempt}`, validatedFact, (done, evidence) => {
        const missing = steps.filter((name) => !done.some(({ step }) => step === name));
        if (missing.length > 0) return inconclusive(`not done: ${missing.join(', ')}`);
        const wrong = done.filter(({ ok }) => !ok);
        const told = (of: typeof done) => of.map(({ step, seen }) => `${step}: ${seen}`).join('; ');
        return wrong.length === 0 ? pass(told(done), evidence) : fail(told(wrong), evidence);
      });
    }),
});

/** What has to come in, in this order. */
const messages = ['slack', 'ticket', 'slack', 'comment'];

export const communication = check({
  id: `${experiment}.communication`,
  title: 'The team and the incident tracker are told of a rollback, with the reason, and that it is over',
  expected:
    'in the declared channel a message in the format of Slack when it begins and when it is over; a ticket with the reason, and a comment in the end; none that would be refused',
  experiment,
  evaluate: (history) =>
    ofRollout(history, attempt, ({ outcome }) => {
      const { turnedBack } = outcome;
      if (turnedBack === undefined) return inconclusive('there was no rollback to tell of');
      return ofFact(history, `communication.${attempt}`, communicationFact, ({ channel, sent, received }, evidence) => {
        if (channel === undefined) return fail('nobody is named: the target declares no `communication`', evidence);
        const refused = [
          ...sent.flatMap(({ what, status, error }) =>
            error === undefined ? [] : [`${what}: ${status === undefined ? '' : `HTTP ${String(status)}, `}${error}`],
          ),
          ...received.flatMap(({ kind, problems }) => problems.map((problem) => `${kind}: ${problem}`)),
        ];
        if (refused.length > 0) return fail(`refused: ${refused.join('; ')}`, evidence);
        const came = received.map(({ kind }) => kind);
        if (came.toSorted().join() !== messages.toSorted().join())
          return fail(`came in: ${came.length === 0 ? 'nothing' : came.join(', ')}`, evidence);
        const text = (kind: string) =>
          received.filter((one) => one.kind === kind).map(({ body }) => JSON.stringify(body));
        const inText = JSON.stringify(turnedBack.reason).slice(1, -1);
        if (!text('slack').every((body) => body.includes(JSON.stringify(channel))))
          return fail(`a message went into another channel than ${channel}`, evidence);
        if (![text('slack')[0], text('ticket')[0]].every((body) => body?.includes(inText)))
          return fail(`the reason is not told: ${turnedBack.reason}`, evidence);
        return pass(`${came.join(', ')}; ${channel}: ${turnedBack.reason}`, evidence);
      });
    }),
});

/** Availability that is as bad as it may be, and a little better. */
const NEAR = { from: thresholds.rollbackAvailability.value, to: 0.985 };

export const borderline = check({
  id: `${experiment}.borderline`,
  title: 'A version whose availability stays just above the limit is not rolled back by it',
  expected: `worst availability over ${String(thresholds.rollbackWindow.value / 1000)} s from ${String(NEAR.from * 100)} to ${String(NEAR.to * 100)} %, and turned back by the operator alone`,
  experiment,
  reason: thresholds.rollbackAvailability.reason,
  evaluate: (history) =>
    watchingRollout(history, 'borderline', ({ outcome, to, evidence }, { calls }) => {
      const { turnedBack } = outcome;
      if (turnedBack === undefined) return fail(`the operator could not turn it back: ${outcome.result}`, evidence);
      if (turnedBack.by !== 'operator') return fail(`turned back by ${turnedBack.by}: ${turnedBack.reason}`, evidence);
      const worst = worstAvailability(answerableBy(calls, to).filter(({ start }) => start < turnedBack.at));
      if (worst === undefined) return inconclusive('it was not there for as long as a trigger looks back');
      const seen = `${(worst * 100).toFixed(2)} % at worst, and no trigger fired`;
      if (worst < NEAR.from) return fail(`${(worst * 100).toFixed(2)} % at worst, and yet no trigger fired`, evidence);
      return worst <= NEAR.to ? pass(seen, evidence) : inconclusive(`${seen}: that is not near the limit`);
    }),
});

/** Every second, over as long as a trigger looks back; undefined where that never was. */
function worstAvailability(calls: Calls): number | undefined {
  const lookBack = thresholds.rollbackWindow.value;
  const { from: first, to: last } = startsOf(calls);
  const shares: number[] = [];
  for (let end = first + lookBack; end <= last; end += 1_000) {
    const { availability } = figuresOf(calls.filter(({ start }) => start > end - lookBack && start <= end));
    if (availability !== undefined) shares.push(availability);
  }
  return shares.length === 0 ? undefined : Math.min(...shares);
}
