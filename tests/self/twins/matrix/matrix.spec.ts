import { expect, test } from '@playwright/test';
import { liveTwins } from '../live/twins.ts';
import { staticTwins } from '../static/twins.ts';
import { checksOf } from '../judge.ts';
import { companionships } from './companions.ts';
import { committed, filesOf, read } from './files.ts';
import { recordedKills, unkilled } from './recorded.ts';
import { matrixChecks } from './report.ts';

// One worker: every history is damaged and judged once.
test.describe.configure({ mode: 'default' });

test.describe('The kill matrix', { tag: '@static' }, () => {
  test('should have a twin for every check that turns it red, and no other but for a declared reason', () => {
    expect(unkilled(recordedKills())).toEqual([]);
  });

  test('should declare no reason that nothing needs', () => {
    const pairs = recordedKills().flatMap(({ check, companions }) =>
      companions.map((other) => [check, other.check] as const),
    );
    const idle = companionships.filter(({ of, are }) => !pairs.some(([one, other]) => of.test(one) && are.test(other)));
    expect(idle.map(({ reason }) => reason)).toEqual([]);
  });

  test('should name twins by names of their own, and checks that their experiment has', () => {
    const twins = [...staticTwins, ...liveTwins];
    expect(new Set(twins.map(({ name }) => name)).size).toBe(twins.length);
    const unknown = twins.flatMap(({ name, experiment, red }) => {
      const known = checksOf(experiment).map(({ id }) => id);
      return Object.keys(red)
        .filter((id) => !known.includes(id))
        .map((id) => `${name}: ${id}`);
    });
    expect(unknown).toEqual([]);
  });

  test('should be committed as it is: `npm run twins` makes it anew', () => {
    const matrix = committed();
    expect(matrix.checks).toEqual(matrixChecks());
    for (const [name, text] of Object.entries(filesOf(matrix))) expect(read(name)).toBe(text);
  });
});
