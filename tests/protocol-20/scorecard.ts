import { inline } from '../../helpers/verdict/markdown.ts';
import type { ItemVerdict, RunVerdict, StandardVerdict } from '../../helpers/verdict/types.ts';
import { sections } from './sections.ts';

/** What stands before the evidence of a box that is not ticked. */
const unticked: Readonly<Record<Exclude<ItemVerdict['status'], 'pass'>, string>> = {
  fail: '**failed**: ',
  inconclusive: '**inconclusive**: ',
  'not-applicable': '',
  'not-run': '',
};

/** The protocol's lists of boxes, each ticked by evidence alone, ready to paste. */
export function scorecard(verdict: StandardVerdict, run: Pick<RunVerdict, 'run' | 'complete'>): string {
  const rows = new Map(verdict.items.map((item) => [item.id, item]));
  const passed = verdict.items.filter(({ status }) => status === 'pass');
  return [
    '# Protocol 20: AI Model Deployment & Serving',
    '',
    ...(run.complete ? [] : ['> **This run ended early: what is blank or inconclusive below was cut off.**', '']),
    `> Target ${inline(verdict.target)}, run ${inline(run.run)}: ${passed.length} of ${verdict.items.length} boxes ticked. A box is ticked by what was seen, never by hand.`,
    '',
    ...sections.flatMap(({ title, items }) => [
      `## ${title}`,
      '',
      ...items.flatMap(({ id }) => lineOf(rows.get(id))),
      '',
    ]),
  ].join('\n');
}

/** Text of the protocol is Markdown already; what was seen comes from outside. */
function lineOf(item: ItemVerdict | undefined): string[] {
  if (item === undefined) return [];
  const { status, text, note } = item;
  return [`- [${status === 'pass' ? 'x' : ' '}] ${text} — ${status === 'pass' ? '' : unticked[status]}${inline(note)}`];
}
