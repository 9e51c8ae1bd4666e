import { z } from 'zod';
import type { History } from '../../history/history.ts';
import { all, check, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import { differencesOf, ofTwoFacts } from '../recorded-changes.ts';
import type { Finding } from '../types.ts';
import { describeRevision, recorded } from './facts.ts';
import { experiment, hops, ifDone, ofChanged } from './hop.ts';
import type { Hop } from './hop.ts';

/** The checks on the journey as a whole. */
export function journeyChecks() {
  return {
    versionsDiffer: check({
      id: `${experiment}.versions-differ`,
      title: 'The way from an older version to the present one is tried',
      expected: 'at least one release with another chart version before than now',
      experiment,
      evaluate: (history) =>
        ofFact(history, 'versions', recorded.versions, ({ before, current, note }, evidence) => {
          const moved = Object.entries(current).filter(([name, version]) => before[name] !== version);
          const said = note === undefined ? '' : ` (${note})`;
          if (Object.keys(current).length === 0) return inconclusive('no release was upgraded');
          if (moved.length === 0) return fail(`the same versions before and now${said}`, evidence);
          return pass(
            `${moved.map(([name, version]) => `${before[name] ?? 'none'} → ${version}`).join('; ')}${said}`,
            evidence,
          );
        }),
    }),
    rollbackRestores: check({
      id: `${experiment}.rollback-restores`,
      title: 'After the rollback, charts, values and configuration are as they were before the upgrade',
      expected: 'the same manifest of each release and the same configuration of the gateway as before the upgrade',
      experiment,
      evaluate: (history) => ifDone(history, 'back', () => same(history, 'before', 'back')),
    }),
    upgradeRepeats: check({
      id: `${experiment}.upgrade-repeats`,
      title: 'An upgrade after a rollback leads to the same as the first one',
      expected:
        'the same manifest of each release and the same configuration of the gateway as after the first upgrade',
      experiment,
      evaluate: (history) => ifDone(history, 'again', () => same(history, 'to-current', 'again')),
    }),
    historyIsClean: check({
      id: `${experiment}.history-is-clean`,
      title: 'Helm keeps a revision of every step, and none of them failed',
      expected:
        '4 revisions for each release that changes: the last deployed, all others superseded, the third a rollback to the first',
      experiment,
      evaluate: (history) => ofChanged(history, (release) => cleanHistory(history, release)),
    }),
    backedUp: check({
      id: `${experiment}.backed-up`,
      title: 'The documented backup works before each upgrade',
      expected: 'the blocks of the upgrade document that are tagged `backup` succeed',
      experiment,
      evaluate: (history) => documented(history, 'backup', ['to-current', 'again']),
    }),
    verified: check({
      id: `${experiment}.verified`,
      title: 'The documented verification finds each version well',
      expected: 'the blocks of the upgrade document that are tagged `verify` succeed after each step',
      experiment,
      evaluate: (history) => documented(history, 'verify', hops),
    }),
  };
}

function same(history: History, first: Hop | 'before', second: Hop): Finding {
  return all(
    [sameManifests(history, first, second), sameConfiguration(history, first, second)],
    'nothing was recorded',
  );
}

function sameManifests(history: History, first: string, second: string): Finding {
  const keys = [`releases.${first}`, `releases.${second}`] as const;
  return ofTwoFacts(history, [keys[0], recorded.releases], [keys[1], recorded.releases], (a, b, evidence) => {
    const names = Object.keys(a);
    if (names.length === 0) return inconclusive('no release was recorded');
    const other = names.filter((name) => a[name]?.manifest !== b[name]?.manifest);
    if (other.length === 0) return pass(`the manifests of ${names.join(', ')} are the same`, ...evidence);
    return fail(`another manifest than before: ${other.join(', ')}`, ...evidence);
  });
}

function sameConfiguration(history: History, first: string, second: string): Finding {
  const keys = [`configuration.${first}`, `configuration.${second}`] as const;
  return ofTwoFacts(history, [keys[0], recorded.configuration], [keys[1], recorded.configuration], (a, b, evidence) => {
    const other = differencesOf(a, b);
    const sections = Object.keys(a);
    if (sections.length === 0) return inconclusive('nothing of the configuration was recorded');
    if (other.length === 0) return pass(`the same ${sections.join(', ')}`, ...evidence);
    return fail(
      `not the same: ${other.map((name) => `${name} (${a[name] ?? 'none'}, then ${b[name] ?? 'none'})`).join(', ')}`,
      ...evidence,
    );
  });
}

function cleanHistory(history: History, release: string): Finding {
  return ofFact(history, `history.${release}`, recorded.revisions, (rows, evidence) => {
    const sorted = rows.toSorted((a, b) => a.revision - b.revision);
    const seen = `${release}: ${sorted.map(describeRevision).join(', ')}`;
    const [first, , third] = sorted;
    const clean =
      sorted.length === hops.length + 1 &&
      sorted.at(-1)?.status === 'deployed' &&
      sorted.slice(0, -1).every(({ status }) => status === 'superseded') &&
      first !== undefined &&
      third?.description === `Rollback to ${String(first.revision)}`;
    return clean ? pass(seen, evidence) : fail(seen, evidence);
  });
}

/** What became of the blocks with a tag; without any there is nothing that could be tried. */
function documented(history: History, tag: string, at: readonly Hop[]): Finding {
  return all(
    at.map((hop) => {
      const id = `document.${tag}.${hop}`;
      if (history.factRecord(id) !== undefined)
        return inconclusive(`the upgrade document has no block that is tagged \`${tag}\``);
      return ofStep(history, id, (step, evidence) => {
        const { blocks } = z.object({ blocks: z.array(z.string()) }).parse(step.detail);
        return pass(`${hop}: ${blocks.join(', ')} in ${((step.end - step.start) / 1000).toFixed(0)} s`, evidence);
      });
    }),
    `no block tagged ${tag} was run`,
  );
}
