import { expect, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { asciiHtml, scorecardHtml } from '../../../../helpers/verdict/scorecard-html.ts';
import { scorecardCsv } from '../../../../helpers/verdict/scorecard-csv.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import { evaluateStandard } from '../../../../helpers/verdict/evaluate.ts';
import { cell, inline, row } from '../../../../helpers/verdict/markdown.ts';
import { runVerdict, text } from '../reports/page-verdicts.ts';
import { flawless } from './histories.ts';

const run = { run: '20261121-100000-abcd', complete: true };
const target = { name: 'contextforge', releases: ['gateway'], kubernetesVersions: ['1.36'], notApplicable: {} };

test.describe('scorecard as HTML', { tag: '@static' }, () => {
  test('should have the rows of the Markdown as tables, and ticked boxes as letters', async () => {
    const standards = await loadStandards();
    const [category, protocol] = ['category-8', 'protocol-20'].map((id) => {
      const standard = standards.find((one) => one.id === id);
      if (standard === undefined) throw new Error(`there is no ${id}`);
      return scorecardHtml(standard.scorecard(evaluateStandard(standard, flawless, target), run));
    });
    expect(category?.match(/<table /g)).toHaveLength(3);
    expect(category?.match(/<tr>/g)).toHaveLength(3 + 7 + 4 + 4);
    expect(category).toContain('<td style="border:1px solid #999;padding:4px 8px;vertical-align:top">5</td>');
    expect(protocol).toContain('☑ ');
    expect(protocol).not.toContain('<input');
  });

  test('should let no name from outside become markup', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        const table = [row('a', 'b'), row('---', '---'), row(cell(one), cell(other)), '', `Target ${inline(one)}`].join(
          '\n',
        );
        const names = new Set(
          [...scorecardHtml(table).matchAll(/<\/?([^\s>/]+)/g)].map(([, name]) => name?.toLowerCase()),
        );
        const known = [
          '!doctype',
          'html',
          'head',
          'meta',
          'title',
          'body',
          'table',
          'thead',
          'tbody',
          'tr',
          'th',
          'td',
          'p',
        ];
        expect([...names].filter((name) => !known.includes(name ?? ''))).toEqual([]);
      }),
    );
  });

  test('should keep raw HTML and links as text even where they were not escaped', () => {
    const page = scorecardHtml(
      '<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](https://example.com/y.png) <b>bold</b>\n',
    );
    expect(page).not.toMatch(/<(script|a|img|b)[ >]/);
  });

  test('should be the same in pure ASCII', () => {
    expect(asciiHtml('1–5 ☑ 😀')).toBe('1&#8211;5 &#9745; &#128512;');
  });
});

test.describe('scorecard as CSV', { tag: '@static' }, () => {
  test('should be read back as it was, a row for each row, whatever the names are', () => {
    fc.assert(
      fc.property(runVerdict, (verdict) => {
        for (const judged of verdict.standards) {
          const rows = parse<Record<string, string>>(scorecardCsv(verdict, judged), { columns: true });
          expect(rows.map(({ kind, score }) => [kind, score])).toEqual(
            judged.items.map((item) => [item.kind, item.score?.toString() ?? '']),
          );
          for (const cells of rows)
            for (const content of Object.values(cells)) expect(content).not.toMatch(/^\s*[=+\-@]/);
        }
      }),
    );
  });

  test('should leave the result of a row blank that was not run', async () => {
    const [standard] = await loadStandards();
    if (standard === undefined) throw new Error('there is no standard');
    const blank = evaluateStandard(standard, new Map(), target);
    const rows = parse<Record<string, string>>(scorecardCsv(run, blank), { columns: true });
    expect(new Set(rows.map(({ result }) => result))).toEqual(new Set(['']));
  });
});
