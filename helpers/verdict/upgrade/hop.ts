import type { History } from '../../history/history.ts';
import { trafficChecks } from '../checks/traffic.ts';
import { all, check, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import { ofTwoFacts } from '../recorded-changes.ts';
import type { Finding } from '../types.ts';
import { recorded } from './facts.ts';

export const experiment = 'upgrade.path';
export const hops = ['to-current', 'back', 'again'] as const;
export type Hop = (typeof hops)[number];

/** The checks on one hop. @param what happens, as it fits into a sentence. */
export function hopChecks(hop: Hop, what: string) {
  return {
    done: check({
      id: `${experiment}.${hop}.done`,
      title: `Every release arrives when ${what}`,
      expected:
        'the documented steps before it work, Helm succeeds for each release that changes, and the pods of its old version go',
      experiment,
      evaluate: (history) => arrived(history, hop),
    }),
    oldPodsGone: check({
      id: `${experiment}.${hop}.old-pods-gone`,
      title: `No pod of the old version is left when ${what}`,
      expected: '0 pods of another version than their workload has, all of them ready, of at least one',
      experiment,
      evaluate: (history) => ifDone(history, hop, () => oldPodsGone(history, hop)),
    }),
    dataKept: check({
      id: `${experiment}.${hop}.data-kept`,
      title: `What was put in before is still there when ${what}`,
      expected: 'each of the declared data is found, as it was before the first upgrade',
      experiment,
      evaluate: (history) => ifDone(history, hop, () => dataKept(history, hop)),
    }),
    ...trafficChecks(experiment, what, hop),
  };
}

/** Asks the same about every release that an upgrade changes. */
export function ofChanged(history: History, find: (release: string) => Finding): Finding {
  return ofFact(history, 'changed', recorded.changed, (releases) => all(releases.map(find), 'no release changes'));
}

function arrived(history: History, hop: Hop): Finding {
  const documentedFirst = hop === 'back' ? 'document.before-rollback.back' : `document.backup.${hop}`;
  const before = history.step(documentedFirst);
  if (before !== undefined && !before.ok)
    return fail(`${documentedFirst} failed: ${before.error ?? 'no reason was recorded'}`, history.reference(before));
  const took = ({ start, end }: { start: number; end: number }) => `${((end - start) / 1000).toFixed(0)} s`;
  const moved = ofChanged(history, (release) =>
    ofStep(history, `${hop}.${release}`, (step, evidence) => pass(`${release} took ${took(step)}`, evidence)),
  );
  const settled = () =>
    ofStep(history, `settled.${hop}`, (step, evidence) => pass(`the old pods were gone ${took(step)} later`, evidence));
  return moved.verdict === 'pass' ? all([moved, settled()], '') : moved;
}

/** What comes after a hop tells nothing when the hop itself failed. */
export function ifDone(history: History, hop: Hop, find: () => Finding): Finding {
  const { verdict, seen } = arrived(history, hop);
  return verdict === 'pass' ? find() : inconclusive(`the step ${hop} was not done: ${seen}`);
}

function oldPodsGone(history: History, hop: Hop): Finding {
  return ofFact(history, `pods.${hop}`, recorded.pods, (pods, evidence) => {
    if (pods.length === 0) return inconclusive('no pod was there');
    const wrong = pods.filter(({ ready, outdated }) => outdated || !ready);
    const images = [...new Set(pods.flatMap((pod) => pod.images.map((image) => image.split('/').at(-1))))];
    if (wrong.length === 0) return pass(`${String(pods.length)} pods: ${images.join(', ')}`, evidence);
    return fail(
      wrong.map(({ name, outdated }) => `${name} is ${outdated ? 'of an old version' : 'not ready'}`).join(', '),
      evidence,
    );
  });
}

function dataKept(history: History, hop: Hop): Finding {
  if (history.factRecord('data.before') === undefined)
    return inconclusive('the target declares no data to put in (upgrade.data)');
  return ofTwoFacts(
    history,
    ['data.before', recorded.data],
    [`data.${hop}`, recorded.data],
    (before, now, evidence) => {
      const absent = before.filter(({ found }) => !found);
      if (absent.length > 0)
        return inconclusive(
          `not there before the upgrade: ${absent.map(({ what, error }) => `${what}${error === undefined ? '' : ` (${error})`}`).join(', ')}`,
        );
      const lost = now.filter(({ found }) => !found);
      if (lost.length === 0) return pass(now.map(({ what }) => `${what} is there`).join(', '), ...evidence);
      return fail(
        `lost: ${lost.map(({ what, error }) => `${what}${error === undefined ? '' : ` (${error})`}`).join(', ')}`,
        ...evidence,
      );
    },
  );
}
