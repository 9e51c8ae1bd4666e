import type { History } from '../history/history.ts';
import { cell, inline, row } from '../verdict/markdown.ts';
import { compareArchitecture } from './compare.ts';
import type { Row } from './compare.ts';
import { recordedIn } from './recorded.ts';

const states: Readonly<Record<Row['state'], string>> = {
  ok: 'ok',
  differs: '**differs**',
  unknown: 'cannot be told here',
  waived: 'not applicable',
};

/**
 * What is recommended beside what was found, for people: a table for each component, what differs first. Pure.
 * @returns Markdown; undefined when the history has nothing to compare.
 */
export function renderArchitectureDiff(history: History): string | undefined {
  const recorded = recordedIn(history);
  if ('missing' in recorded) return undefined;
  const { declared, live } = recorded;
  const rows = compareArchitecture(declared, live);
  const count = (state: Row['state']) => rows.filter((one) => one.state === state).length;
  const subjects = Map.groupBy(rows, ({ subject }) => subject);
  return [
    '# Recommended architecture and what runs',
    '',
    `${String(count('ok'))} ok, ${String(count('differs'))} differ, ${String(count('unknown'))} cannot be told here, ${String(count('waived'))} not applicable.`,
    '',
    'Recommended by:',
    '',
    ...declared.source.map(
      ({ title, url, seen, says }) => `- ${inline(title)}, ${url} (read ${seen}): ${inline(says)}`,
    ),
    ...[...subjects].flatMap(([subject, own]) => [
      '',
      `## ${inline(subject)}`,
      '',
      '| aspect | recommended | found | | where |',
      '|---|---|---|---|---|',
      ...[...own]
        .sort(byState)
        .map((one) =>
          row(cell(one.aspect), cell(one.recommended), cell(one.found), states[one.state], cell(one.where)),
        ),
    ]),
    '',
  ].join('\n');
}

const order = Object.keys(states);

function byState(a: Row, b: Row): number {
  const rank = ({ state }: Row) => (state === 'ok' ? order.length : order.indexOf(state));
  return rank(a) - rank(b);
}
