import type { StoredRun } from '../../verdict/run-folder.ts';
import { cell, inline, row } from '../../verdict/markdown.ts';
import type { RunVerdict } from '../../verdict/types.ts';
import { rowName } from '../../verdict/row.ts';
import { hasPassed } from '../../verdict/views/run.ts';
import { MANIFEST } from './names.ts';

/** What the parts of a package are, in the order in which a person would look at them. */
const parts: readonly (readonly [pattern: RegExp, title: string])[] = [
  [/^(index\.html|scorecard.*)$/, 'what was decided, for people'],
  [/^(verdict|summary|ctrf)\.json$|^metrics\.txt$/, 'the same, for machines'],
  [/^experiments\/.*\/(history|traffic)\.jsonl$/, 'histories: everything that was done and seen, and every call'],
  [/^experiments\/.*\/artifacts\//, 'events, logs and objects of namespaces in which something failed'],
  [/^timelines\//, 'pictures: what happened when, and calls over time'],
  [/^manifests\//, 'manifests: applied, found, rendered, and as they lay in Git'],
  [/^target\//, 'what the target declared, with its values'],
  [/^charts\//, 'Helm charts, as they were installed'],
  [/^evidence\//, 'what a standard asks for in a form of its own'],
  [/^(versions|run|host)\.json$|^images\//, 'versions, the run, and the machine that it ran on'],
];

/** `INDEX.md` of a package. Pure. */
export function indexPage(verdict: RunVerdict, run: StoredRun, paths: readonly string[]): string {
  const { provider = 'no cluster', kubernetesVersion = '' } = run;
  const { startedAt = 'unknown', endedAt = 'unknown' } = run.about ?? {};
  const early = verdict.complete ? [] : ['**This run ended early: what was cut off is inconclusive or not run.**', ''];
  const held = parts.map(([pattern, title]) => ({ title, files: paths.filter((path) => pattern.test(path)) }));
  return [
    `# Evidence of run ${inline(verdict.run)}`,
    '',
    ...early,
    `Everything that was asked for has passed: **${hasPassed(verdict) ? 'yes' : 'no'}**. From ${inline(startedAt)} to ${inline(endedAt)}, on ${inline(`${provider} ${kubernetesVersion}`)}.`,
    '',
    ...verdict.standards.flatMap(({ title, target, items }) => [
      `## ${inline(title)}: ${inline(target)}`,
      '',
      row('Row', 'Status', 'Score', 'Seen'),
      row('---', '---', '---', '---'),
      ...items.map((item) =>
        row(
          cell(rowName(item)),
          item.status,
          item.score === undefined ? '' : `${String(item.score)} of 5`,
          cell(item.note),
        ),
      ),
      '',
    ]),
    '## What is in here',
    '',
    row('Files', 'What', 'Beginning with'),
    row('---', '---', '---'),
    ...held.map(({ title, files }) =>
      row(String(files.length), title, files[0] === undefined ? 'none in this run' : cell(files[0])),
    ),
    '',
    '## How to check it',
    '',
    `\`${MANIFEST}\` has the SHA-256 of every file. Beside the package lie a statement about it and, where it was signed, an envelope.`,
    '',
    '```sh',
    'npx seatrial evidence verify FOLDER_OR_ARCHIVE --key public.pem   # nothing was changed, added or taken away',
    'npx seatrial report FOLDER --check                                # the verdict follows from the histories',
    '```',
    '',
  ].join('\n');
}
