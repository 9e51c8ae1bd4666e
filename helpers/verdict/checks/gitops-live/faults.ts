import { z } from 'zod';
import { seconds } from '../../../format.ts';
import type { History } from '../../../history/history.ts';
import { all, atMost, check, fail, inconclusive, ofFact, ofStep, pass } from '../../finding.ts';
import { thresholds } from '../../thresholds.ts';
import type { Finding } from '../../types.ts';

const experiment = 'gitops.faults';

const drift = z.object({ object: z.string(), field: z.string(), correctedMs: z.number() });
const reported = z.array(z.object({ object: z.string(), reason: z.string().optional() }));
const held = z.object({ looks: z.number(), held: z.number() });
const status = z.array(z.object({ object: z.string(), suspended: z.boolean() }));
const told = z.object({ object: z.string(), reason: z.string(), message: z.string() });
const effect = z.object({ everywhereMs: z.number() });
const serving = z.object({ calls: z.number(), served: z.number(), lost: z.array(z.object({ seen: z.string() })) });

export const correctsDrift = check({
  id: 'gitops-live.corrects-drift',
  title: 'What is changed by hand is put right',
  expected: `a scaled Deployment and an edited ConfigMap are as declared again within ${seconds(thresholds.driftCorrection.value)}`,
  experiment,
  reason: thresholds.driftCorrection.reason,
  evaluate: (history) =>
    all(
      ['drift.scale', 'drift.edit'].map((id) =>
        ofStep(history, id, (step, evidence) => {
          const { object, field, correctedMs } = drift.parse(step.detail);
          const seen = `${field} of ${object} after ${seconds(correctedMs)}`;
          return correctedMs <= thresholds.driftCorrection.value ? pass(seen, evidence) : fail(seen, evidence);
        }),
      ),
      'nothing was changed by hand',
    ),
});

export const reportsDrift = check({
  id: 'gitops-live.reports-drift',
  title: 'The engine says that it found a change by hand',
  expected: 'at least one event that names the drift',
  experiment,
  evaluate: (history) => {
    const changed = history.writes.some(
      ({ verb, object }) => verb === 'patch' && /^(Deployment|ConfigMap)\//.test(object),
    );
    if (!changed) return inconclusive('nothing was changed by hand');
    return ofFact(history, 'drift.reported', reported, (events, evidence) => {
      const named = [...new Set(events.map(({ object, reason }) => `${reason ?? ''} on ${object}`))];
      return events.length > 0 ? pass(named.join(', '), evidence) : fail('no event tells of it', evidence);
    });
  },
});

export const suspensionHolds = check({
  id: 'gitops-live.suspension-holds',
  title: 'While the engine is suspended a commit has no effect, the status says so, and it arrives afterwards',
  expected:
    'every look before the resumption sees the old state, an object says that it is suspended, the effect comes after the resumption',
  experiment,
  evaluate: (history) =>
    all(
      [
        holding(history, 'held.suspended'),
        ofFact(history, 'status.suspended', status, (objects, evidence) => {
          const suspended = objects.filter((object) => object.suspended).map(({ object }) => object);
          return suspended.length > 0
            ? pass(`${suspended.join(', ')}: suspended`, evidence)
            : fail('no object says that it is suspended', evidence);
        }),
        arrival(history, 'effect.resumed', 'the resumption'),
      ],
      'nothing was suspended',
    ),
});

export const gitAwayIsHarmless = check({
  id: 'gitops-live.git-away-is-harmless',
  title: 'Without the Git server all stays as it is, and the status says why nothing new comes',
  expected: 'every look sees the state as it was, and the source names the reason',
  experiment,
  evaluate: (history) =>
    gitAway(history, () =>
      all(
        [
          holding(history, 'held.git-away'),
          ofStep(history, 'told.git-away', (step, evidence) => {
            const { object, reason, message } = told.parse(step.detail);
            return message === ''
              ? fail(`${object}: ${reason}, without a message`, evidence)
              : pass(`${object}: ${reason}: ${message}`, evidence);
          }),
        ],
        'nothing was recorded',
      ),
    ),
});

export const gitBackArrives = check({
  id: 'gitops-live.git-back-arrives',
  title: 'What was committed while the Git server was away arrives by itself when it is back',
  expected: `every client sees it within ${seconds(thresholds.commitToEffect.value)}`,
  experiment,
  reason: thresholds.commitToEffect.reason,
  evaluate: (history) => gitAway(history, () => arrival(history, 'effect.git-back', 'the server was back')),
});

export const refusesInvalid = check({
  id: 'gitops-live.refuses-invalid',
  title:
    'A commit that cannot be brought about is refused with a reason, touches no workload, and is undone by a revert',
  expected: `an object names the reason, ${String(thresholds.touchedByInvalid.value)} workloads touched, all well after the revert`,
  experiment,
  reason: thresholds.touchedByInvalid.reason,
  evaluate: (history) => {
    const steps = history.steps.some(({ id }) => id === 'commit.invalid');
    if (!steps)
      return inconclusive(
        'no invalid change was committed: the target declares no gitops.changes.invalid, or it did not come to that',
      );
    return all(
      [
        ofStep(history, 'refused.invalid', (step, evidence) => {
          const { object, reason, message } = told.parse(step.detail);
          return pass(`${object}: ${reason}: ${message}`, evidence);
        }),
        ofFact(history, 'touched.invalid', z.array(z.string()), (objects, evidence) =>
          atMost(thresholds.touchedByInvalid.value, 'workloads touched', objects, evidence),
        ),
        ofStep(history, 'arrived.valid-again', (_step, evidence) => pass('all well after the revert', evidence)),
      ],
      'nothing was recorded',
    );
  },
});

export const servesThroughout = check({
  id: 'gitops-live.serves-throughout',
  title: 'The declared tool answers throughout: drift, suspension, Git away, invalid commit',
  expected: `at least one call in each of them, ${String(thresholds.callsLostToFaults.value)} lost`,
  experiment,
  reason: thresholds.callsLostToFaults.reason,
  evaluate: (history) =>
    all(
      ['drift', 'suspended', 'git-away', 'invalid'].map((name) =>
        ofFact(history, `serving.${name}`, serving, ({ calls, served: good, lost }, evidence) => {
          if (calls === 0) return inconclusive(`no call was made during ${name}`);
          const seen = `${name}: ${String(good)} of ${String(calls)} served`;
          if (calls - good <= thresholds.callsLostToFaults.value) return pass(seen, evidence);
          return fail(`${seen} (${lost.map((one) => one.seen).join('; ')})`, evidence);
        }),
      ),
      'no call was made',
    ),
});

function holding(history: History, id: string): Finding {
  return ofStep(history, id, (step, evidence) => {
    const { looks, held: good } = held.parse(step.detail);
    if (looks === 0) return inconclusive(`${id}: nobody looked`);
    const seen = `the old state in ${String(good)} of ${String(looks)} looks`;
    return good === looks ? pass(seen, evidence) : fail(seen, evidence);
  });
}

function arrival(history: History, id: string, since: string): Finding {
  return ofStep(history, id, (step, evidence) => {
    const { everywhereMs } = effect.parse(step.detail);
    const seen = `every client sees it ${seconds(everywhereMs)} after ${since}`;
    return everywhereMs <= thresholds.commitToEffect.value ? pass(seen, evidence) : fail(seen, evidence);
  });
}

/** Where the Git server is not the trial's own, it cannot be taken away. */
function gitAway(history: History, find: () => Finding): Finding {
  const reason = z.string().safeParse(history.fact('git-away.not-tried')).data;
  return reason === undefined ? find() : inconclusive(`the Git server was not taken away: ${reason}`);
}
