import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { messageOf } from '../../helpers/errors.ts';
import { diffVerdicts } from '../../helpers/verdict/diff.ts';
import type { VerdictDiff } from '../../helpers/verdict/diff.ts';
import { parseVerdict } from '../../helpers/verdict/verdict-file.ts';
import type { StoredRun } from '../../helpers/verdict/run-folder.ts';
import type { RunVerdict } from '../../helpers/verdict/types.ts';
import { buildUrl, checkout } from '../ci.ts';
import { placesIn } from '../places.ts';
import { pullRequestMarkdown } from '../pull-request.ts';
import type { SpecRow } from '../rows.ts';
import { annotationsOf } from './annotations.ts';
import { annotationCommand, isOnGitHub } from './commands.ts';

/** In a run's folder: the comment on a pull request. */
const BODY = 'pull-request.md';

export interface PublishedRun {
  runFolder: string;
  verdict: RunVerdict | undefined;
  stored: StoredRun;
  /** Rows of the specs of this run. */
  rows: readonly { file: string; row: SpecRow | undefined }[];
  endedEarly: string | undefined;
  troubles: readonly string[];
  target: string | undefined;
  /** `verdict.json` of the base branch. */
  base: string | undefined;
}

/**
 * Writes what a pull request is told, beside the verdict; on GitHub also into the summary of the job.
 * @returns lines to print: on GitHub its annotations, elsewhere none.
 */
export function publish(run: PublishedRun): string[] {
  const { verdict, stored, endedEarly } = run;
  const markdown = pullRequestMarkdown({
    verdict,
    endedEarly,
    troubles: run.troubles,
    cluster: [stored.provider, stored.kubernetesVersion].filter((part) => part !== undefined).join(' ') || undefined,
    base: compared(run),
    runUrl: buildUrl(),
  });
  writeFileSync(join(run.runFolder, BODY), markdown);
  if (!isOnGitHub()) return [];
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) appendFileSync(summary, markdown);
  if (verdict === undefined) return [];
  const repository = checkout();
  const placeOf = placesIn(run.target, { repository, fallback: specOf(run, repository) });
  return annotationsOf(verdict, placeOf, endedEarly).map(annotationCommand);
}

/** What changed against the base branch, or why that is not known. */
function compared({ verdict, base }: PublishedRun): VerdictDiff | string | undefined {
  if (base === undefined || verdict === undefined) return undefined;
  try {
    return diffVerdicts(parseVerdict(readFileSync(base, 'utf8')), verdict);
  } catch (thrown) {
    return `There is nothing to compare with: ${messageOf(thrown)}`;
  }
}

/** The spec that judges a row, at the line where it does. */
function specOf({ rows }: PublishedRun, repository: string) {
  return (standard: string, item: string) => {
    const found = rows.find(({ row }) => row?.standard === standard && row.item === item);
    const file = found === undefined ? '' : relative(repository, found.file);
    return found?.row === undefined || file.startsWith('..') ? undefined : { file, line: found.row.line };
  };
}
