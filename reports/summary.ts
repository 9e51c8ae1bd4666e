import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import type { FullResult } from '@playwright/test/reporter';
import { isOurs } from '../helpers/run/shards/record.ts';
import type { ShardRecord } from '../helpers/run/shards/record.ts';
import type { StoredRun } from '../helpers/verdict/run-folder.ts';
import type { ItemVerdict, RunVerdict, StandardVerdict } from '../helpers/verdict/types.ts';
import { views } from './views.ts';

/** What a run prints, besides the live list. Colours only on a terminal that wants them. */
const colours: Readonly<Record<ItemVerdict['status'], Parameters<typeof styleText>[0]>> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  'not-applicable': 'gray',
  'not-run': 'gray',
};

const labels: Readonly<Record<ItemVerdict['status'], string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
  'not-applicable': 'n/a',
  'not-run': 'not run',
};

/** First lines of a run. */
export function headline(run: StoredRun, folder: string): string[] {
  const cluster =
    run.provider === undefined ? [] : [`Cluster ${[run.provider, run.kubernetesVersion].join(' ').trim()}`];
  const { shard } = run.about ?? {};
  return [`Run ${run.id} in ${folder}`, ...cluster, ...(shard === undefined ? [] : [shardLine(shard)])];
}

function shardLine(shard: ShardRecord): string {
  const all = Object.keys(shard.plan);
  const own = all.filter((id) => isOurs({ shard }, id));
  return `Shard ${String(shard.current)} of ${String(shard.total)}: ${String(own.length)} of ${String(all.length)} experiments${own.length === 0 ? '' : ` (${own.join(', ')})`}`;
}

/** What a shard leaves instead of reports. */
export function shardLines({ total }: ShardRecord, folder: string): string[] {
  return [
    `This is one shard of ${String(total)}: it has histories, and no verdict. The verdict of all of them:`,
    `  npx seatrial merge ${folder} …`,
  ];
}

/** Why a run ended before its time, or undefined when it did not. */
export function endedEarly(status: FullResult['status']): string | undefined {
  if (status === 'interrupted') return 'This run ended early: it was interrupted. What was cut off counts as failed.';
  if (status === 'timedout') return 'This run ended early: its time was up. What was cut off counts as failed.';
  return undefined;
}

/** Gates, benchmarks and scores of all standards of which anything was tried. */
export function verdictLines(verdict: RunVerdict | undefined): string[] {
  return (verdict?.standards ?? [])
    .filter(({ items }) => items.some(({ status }) => status !== 'not-run'))
    .flatMap(standardLines);
}

/** Where the reports of a run are, as far as they were made. */
export function viewLines(runFolder: string, shownFolder: string): string[] {
  const made = views.filter(([file]) => existsSync(join(runFolder, file)));
  if (made.length === 0) return [];
  return [
    'Reports',
    ...made.map(([file, meaning]) => `  ${join(shownFolder, file).padEnd(34)}  ${styleText('gray', meaning)}`),
  ];
}

function standardLines({ title, target, items }: StandardVerdict): string[] {
  const of = (kind: ItemVerdict['kind']) => items.filter((item) => item.kind === kind);
  return [
    styleText('bold', `${title} · ${target}`),
    ...section('Gates', of('gate').map(resultLine)),
    ...section('Benchmarks', of('benchmark').map(resultLine)),
    ...section('Scores', of('criterion').flatMap(scoreLines)),
    '',
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];
}

function resultLine({ status, name, number, text, note }: ItemVerdict): string {
  const row = name ?? `${String(number)} ${text}`;
  return `${coloured(status, labels[status].padEnd(12))}  ${row}${status === 'not-run' ? '' : `: ${oneLine(note)}`}`;
}

function scoreLines({ status, number, text, score, missing, checks }: ItemVerdict): string[] {
  const scored = score === undefined ? labels[status] : `${String(score)} of 5`;
  const line = `${coloured(status, scored.padEnd(12))}  ${String(number)} ${text}`;
  if (missing === undefined) return [line];
  const blocking = checks.filter(({ id }) => missing.checks.includes(id));
  return [
    line,
    ...blocking.map(
      (check) =>
        `${' '.repeat(14)}for ${String(missing.level)}: ${coloured(check.verdict, check.verdict)} ${check.id}: ${oneLine(check.seen)}`,
    ),
  ];
}

function coloured(status: ItemVerdict['status'], text: string): string {
  return styleText(colours[status], text);
}

/** What comes from outside keeps to its line and sends no codes to the terminal. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
