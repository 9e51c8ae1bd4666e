import { percent } from '../../format.ts';
import type { History } from '../../history/history.ts';
import { packageFact, packageNames, PACKAGES } from '../../serving/package-fact.ts';
import type { PackageFact } from '../../serving/package-fact.ts';
import { all, check, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import type { Finding } from '../types.ts';

/** Checks on each version of a model, started alone and asked before any user meets it. */
const experiment = 'model.package';

/** The versions that are to serve. */
const SERVING = ['stable', 'candidate'];

export const predicts = check({
  id: `${experiment}.predicts`,
  title: 'The package starts, and predicts every sample alone and in a batch',
  expected: 'every declared sample as declared, of the stable version and of the candidate',
  experiment,
  evaluate: (history) =>
    serving(history, (name, { ready, reason, samples, batch, declared }, evidence) => {
      if (!ready) return fail(`${name} is not ready: ${reason ?? 'no reason was told'}`, evidence);
      const asked = [...samples, ...(batch === undefined ? [] : [batch])];
      const wrong = asked.filter(({ ok }) => !ok).map((sample) => `${sample.name}: ${sample.error ?? 'wrong'}`);
      if (wrong.length > 0) return fail(`${name}: ${wrong.join('; ')}`, evidence);
      return samples.length === 0
        ? inconclusive(`${name}: no sample was asked`)
        : pass(`${name} (${declared.modelVersion}): ${String(samples.length)} samples right, and in a batch`, evidence);
    }),
});

export const isAccurate = check({
  id: `${experiment}.accuracy`,
  title: 'The package is as accurate as declared',
  expected:
    'the declared share of right answers from the candidate, and no more lost to the stable version than declared',
  experiment,
  evaluate: (history) =>
    ofPackage(history, 'candidate', (candidate, evidence) =>
      ofPackage(history, 'stable', (stable) => {
        const [now, before] = [candidate.accuracy, stable.accuracy];
        if (now === undefined || now.rows === 0) return inconclusive('no accuracy of the candidate was measured');
        if (before === undefined || before.rows === 0)
          return inconclusive('no accuracy of the stable version was measured');
        const [share, was] = [now.right / now.rows, before.right / before.rows];
        const seen = `${String(now.right)} of ${String(now.rows)} right, before ${String(before.right)} of ${String(before.rows)}; at least ${percent(now.minimum)} declared`;
        return isInaccurate(candidate, was) ? fail(seen, evidence) : pass(`${seen} (${percent(share)})`, evidence);
      }),
    ),
});

export const tellsTheTruth = check({
  id: `${experiment}.version`,
  title: 'The package says of itself what it is',
  expected: 'the declared version, where the server is asked for it and in every answer',
  experiment,
  evaluate: (history) =>
    serving(history, (name, found, evidence) => {
      if (!found.ready) return inconclusive(`${name} is not ready, so it says nothing of itself`);
      const lies = liesOf(found);
      if (lies.length > 0) return fail(`${name} calls itself ${lies.join(', ')}`, evidence);
      return found.version === undefined
        ? inconclusive(`${name} does not tell its version`)
        : pass(`${name} calls itself ${found.version}`, evidence);
    }),
});

export const isIdentified = check({
  id: `${experiment}.digest`,
  title: 'What is in the package is known by its digest',
  expected: 'a digest of the model, or of its image, which differs between the stable version and the candidate',
  experiment,
  evaluate: (history) =>
    ofPackage(history, 'stable', (stable, evidence) =>
      ofPackage(history, 'candidate', (candidate) => {
        for (const [what, of] of [
          ['model', ({ digest }: PackageFact) => digest],
          ['image', ({ imageId }: PackageFact) => imageId],
        ] as const) {
          const [one, other] = [of(stable), of(candidate)];
          if (one === undefined || other === undefined) continue;
          const seen = `${what} of the stable version ${one}, of the candidate ${other}`;
          if (one !== other) return pass(seen, evidence);
          if (what === 'model') return fail(`the same model under two names: ${seen}`, evidence);
        }
        return inconclusive('no digest tells the candidate from the stable version');
      }),
    ),
});

export const refusesWrongInput = check({
  id: `${experiment}.refuses-wrong-input`,
  title: 'The package refuses input that is wrong with a reason, and goes on',
  expected: 'a wrong shape, a wrong type, NaN, nothing, an empty and too large a batch refused; the next sample right',
  experiment,
  evaluate: (history) =>
    serving(history, (name, { refusals = [], after }, evidence) => {
      if (refusals.length === 0 || after === undefined) return inconclusive(`${name}: no wrong input was tried`);
      const taken = refusals
        .filter(({ outcome }) => outcome === 'answered' || outcome === 'failed')
        .map(({ what, outcome, message }) => `${what} was ${outcome}: ${message}`);
      if (taken.length > 0) return fail(`${name}: ${taken.join('; ')}`, evidence);
      if (!after.ok) return fail(`${name} did not go on: ${after.error ?? 'wrong'}`, evidence);
      return pass(`${name}: ${refusals.map(({ what }) => what).join(', ')} refused`, evidence);
    }),
});

/** What each defect looks like, as far as a package that no user has met can show it. */
const signs: Readonly<Record<string, (found: PackageFact, stable: number | undefined) => boolean>> = {
  inaccurate: (found, stable) => isInaccurate(found, stable),
  failing: ({ samples }) => samples.some(({ ok }) => !ok),
  lying: (found) => liesOf(found).length > 0,
  'never-ready': ({ ready, reason }) => !ready && reason !== undefined,
};

export const defectsShow = check({
  id: `${experiment}.defects-show`,
  title: 'A package with a known defect is found out',
  expected:
    'each declared version that is inaccurate, failing, lying or never ready told apart by the same examination',
  experiment,
  evaluate: (history) =>
    ofFact(history, PACKAGES, packageNames, (names) =>
      all(
        names
          .filter((name) => name in signs)
          .map((name) =>
            ofPackage(history, name, (found, evidence) =>
              ofPackage(history, 'stable', ({ accuracy }) => {
                const share = accuracy === undefined ? undefined : accuracy.right / accuracy.rows;
                const seen = `${found.declared.modelVersion} (${name})`;
                return signs[name]?.(found, share) === true
                  ? pass(`${seen} found out`, evidence)
                  : fail(`${seen} passes for a good one`, evidence);
              }),
            ),
          ),
        'the target declares no version whose defect a package could show',
      ),
    ),
});

function serving(history: History, find: (name: string, found: PackageFact, evidence: string) => Finding): Finding {
  const each = SERVING.map((name) => ofPackage(history, name, (found, evidence) => find(name, found, evidence)));
  return all(each, 'no version was examined');
}

/** A version that could not even be examined has failed, and its step says why. */
function ofPackage(history: History, name: string, find: (found: PackageFact, evidence: string) => Finding): Finding {
  return ofStep(history, `examine.${name}`, () => ofFact(history, `package.${name}`, packageFact, find));
}

/** Names other than the declared one that it goes by. */
function liesOf({ declared, version, samples }: PackageFact): string[] {
  const told = [version, ...samples.map((sample) => sample.version)].filter((one) => one !== undefined);
  return [...new Set(told)].filter((one) => one !== declared.modelVersion);
}

function isInaccurate({ accuracy }: PackageFact, stable: number | undefined): boolean {
  if (accuracy === undefined || accuracy.rows === 0) return false;
  const share = accuracy.right / accuracy.rows;
  return share < accuracy.minimum || (stable !== undefined && share < stable - accuracy.mayLose);
}
