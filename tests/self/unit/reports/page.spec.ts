import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { History } from '../../../../helpers/history/history.ts';
import type { ItemVerdict, RunVerdict } from '../../../../helpers/verdict/types.ts';
import { renderPage } from '../../../../reports/page/page.ts';
import type { PageInput } from '../../../../reports/page/model.ts';
import { picturesOf } from '../../../../reports/page/pictures.ts';
import { flawless } from '../verdict/histories.ts';
import { checkResult, criterion, gate, largeVerdict, runVerdict, singleVerdict, text } from './page-verdicts.ts';

test.describe('decision page', { tag: '@static' }, () => {
  test('should say in its heading what to do, and why right below', () => {
    expect(headline([gate('A', 'pass'), gate('B', 'pass')])).toEqual(['✓ Accept: thing', 'All of the 2 gates passed.']);
    expect(headline([gate('A', 'pass'), gate('B', 'fail'), gate('C', 'not-run')])).toEqual([
      '✗ Do not accept: thing',
      '1 of the 3 gates failed: B. 1 of the 3 gates could not be shown to hold: C (not run).',
    ]);
    expect(headline([gate('A', 'inconclusive')])).toEqual([
      '? Do not accept yet: thing',
      'All of the 1 gate could not be shown to hold: A (inconclusive).',
    ]);
  });

  test('should show each check with what was expected and seen, passed ones too', () => {
    for (const found of ['pass', 'fail', 'inconclusive', 'not-applicable'] as const) {
      const page = pageOf(singleVerdict([{ ...gate('A', found), checks: [checkResult(found, 7)] }]));
      expect(page).toContain(`data-verdict="${found}"`);
      expect(page).toContain('<dt>Expected</dt><dd>7 calls</dd>');
      expect(page).toContain(`<dd>7 calls were ${found}</dd>`);
    }
  });

  test('should never mark anything but a pass as a pass', () => {
    for (const found of ['fail', 'inconclusive', 'not-applicable', 'not-run'] as const) {
      const page = pageOf(singleVerdict([gate('A', found), gate('Z', 'pass')]));
      const row = /<li class="row [^"]*" data-row="gate-A">.*?<\/h4>/s.exec(page)?.[0];
      expect(row).toBeDefined();
      expect(row).not.toMatch(/✓|Pass|class="[^"]*\bpass\b/);
    }
  });

  test('should say on top that a run ended early, and never accept on it', () => {
    const page = pageOf({ ...singleVerdict([gate('A', 'pass')]), complete: false });
    expect(page.indexOf('This run ended early.')).toBeLessThan(page.indexOf('<h1'));
    expect(page).toContain('Do not accept yet');
    expect(page).not.toContain('✓</span> Accept');
  });

  test('should say of a run that tried nothing that nothing was tried', () => {
    for (const verdict of [singleVerdict([gate('A', 'not-run')]), { ...singleVerdict([]), standards: [] }]) {
      expect(pageOf(verdict)).toContain('Nothing was tried in this run.');
      expect(pageOf(verdict)).toContain('Do not accept yet</h1>');
    }
  });

  test('should keep two targets apart, even of one name, and let the worse decide', () => {
    const [good, bad] = [singleVerdict([gate('A', 'pass')]), singleVerdict([gate('A', 'fail')])];
    const page = pageOf({ ...good, standards: [...good.standards, ...bad.standards] });
    expect(page).toMatch(/<h1><span aria-hidden="true">✗<\/span> Do not accept<\/h1>/);
    expect(page.match(/<h2 id="t\d-title">/g)).toEqual(['<h2 id="t1-title">', '<h2 id="t2-title">']);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('should tell what is missing for the next level, and what to do for it', () => {
    const checks = [checkResult('fail', 1), checkResult('inconclusive', 2), checkResult('inconclusive', 102)];
    const same = checks.map((check) => ({ ...check, ...(check.verdict === 'fail' ? {} : { seen: 'nobody looked' }) }));
    const row: ItemVerdict = {
      ...criterion(3, 2),
      checks: same,
      uncapped: 3,
      missing: { level: 4, checks: same.map(({ id }) => id) },
      levels: [{ level: 4, title: 'It is splendid', reason: 'So it is', checks: same.map(({ id }) => id), met: false }],
    };
    const page = pageOf(singleVerdict([row]));
    expect(page).toContain(
      '<strong>Why not 4</strong> (It is splendid): of the checks that it needs, 1 failed, 2 inconclusive.',
    );
    expect(page).toContain('It would be 3, but is held at 2');
    expect(page).toContain('Repair what part-1 found');
    expect(page).toContain('Bring what part-2 lacked, and try again');
    expect(page).toContain('The same holds for 1 more check');
    expect(page).toContain('Criterion 3 to level 4');
  });

  test('should tell what changed since the run before', () => {
    const before = { ...singleVerdict([gate('A', 'pass'), gate('B', 'fail')]), run: '20261120-100000-abcd' };
    const page = pageOf(singleVerdict([gate('A', 'fail'), gate('B', 'pass')]), { previous: before });
    expect(page).toContain('checks: 1 better, 1 worse');
    expect(page).toContain('href="../20261120-100000-abcd/index.html"');
    expect(pageOf(singleVerdict([gate('A', 'pass')]))).toContain('There is no earlier run to compare with.');
    expect(pageOf(singleVerdict([gate('A', 'pass')]), { previous: { ...before, standards: [] } })).toContain(
      'did not try this target by this standard',
    );
  });

  test('should quote the lines of a history that tell against a check', () => {
    const history = new History([{ type: 'begin', at: 0, experiment: 'part-0', target: 'thing', run: 'r' }]);
    const page = pageOf(singleVerdict([{ ...gate('A', 'fail'), checks: [checkResult('fail')] }]), {
      histories: new Map([['thing', new Map([['part-0', history]])]]),
    });
    expect(page).toContain('<summary>Line part-0#1</summary><pre>{&quot;type&quot;:&quot;begin&quot;');
  });

  test('should hold 10,000 checks, each of them once', () => {
    const page = pageOf(largeVerdict(10_000));
    expect(page.match(/<li class="check /g)).toHaveLength(10_000);
  });

  test('should draw every history, and stay below 2 MB with what it draws', () => {
    const histories = new Map([['thing', flawless]]);
    const pictures = picturesOf(histories, []);
    expect([...pictures.values()].flat().length).toBeGreaterThan(flawless.size);
    expect(Buffer.byteLength(pageOf(largeVerdict(300), { histories, pictures }))).toBeLessThan(2_000_000);
    expect([...picturesOf(histories, [])]).toEqual([...pictures]);
  });

  test('should let no name from outside become markup', () => {
    fc.assert(
      fc.property(runVerdict, fc.option(runVerdict, { nil: undefined }), text, (verdict, previous, other) => {
        const about = { id: other, complete: true, command: other, startedAt: other, target: other };
        const seen = pageOf(verdict, { previous, about, views: [[other, other]] });
        const plain = harmless();
        const expected = pageOf(plain(verdict), {
          previous: previous === undefined ? undefined : plain(previous),
          about: plain(about),
          views: [[plain(other), plain(other)]],
        });
        expect(skeleton(seen)).toEqual(skeleton(expected));
      }),
    );
  });

  test('should link below its own folder only', () => {
    fc.assert(
      fc.property(runVerdict, text, (verdict, other) => {
        const links = [...pageOf(verdict, { views: [[other, '']] }).matchAll(/ href="([^"]*)"/g)].map(
          ([, link]) => link,
        );
        for (const link of links) {
          expect(link).toMatch(/^(#|(?!\.\.?(\/|$))(?!\w+:)(?!\/))/);
          const { pathname } = new URL(link ?? '', 'file:///run/of/this/');
          expect(pathname.startsWith('/run/of/this/')).toBe(true);
        }
      }),
    );
  });

  test('should give the same bytes for the same run', () => {
    fc.assert(
      fc.property(runVerdict, (verdict) => {
        expect(pageOf(structuredClone(verdict))).toBe(pageOf(verdict));
      }),
      { numRuns: 20 },
    );
  });

  test('should load nothing, and allow no script but its own', () => {
    const page = pageOf(largeVerdict(10));
    expect(page).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="(?!data:)/);
    expect(page).toMatch(
      /content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-[^']+'"/,
    );
  });
});

function pageOf(verdict: RunVerdict, given: Partial<PageInput> = {}): string {
  const nothing = { about: undefined, previous: undefined, views: [], histories: new Map(), pictures: new Map() };
  return renderPage({ ...nothing, ...given, verdict });
}

function headline(items: ItemVerdict[]): (string | undefined)[] {
  const page = pageOf(singleVerdict(items));
  return [/<h1[^>]*>(.*?)<\/h1>/s.exec(page)?.[1], /<p class="because">(.*?)<\/p>/s.exec(page)?.[1]].map((one) =>
    one?.replaceAll(/<[^>]+>/g, ''),
  );
}

/** Names and attributes of all elements, in their order. */
function skeleton(page: string): string[] {
  return [...page.matchAll(/<[^<>]*>/g)].map(([tag]) => tag.replaceAll(/="[^"]*"/g, '='));
}

/** Replaces every text by one of letters only: equal ones by equal ones, so that nothing but the letters differs. */
function harmless(): <T>(value: T) => T {
  const known = new Map<string, string>();
  const fixed = /^(pass|fail|inconclusive|not-applicable|not-run|criterion|benchmark|gate|https:\/\/seatrial.*)$/;
  const plain = (value: string) => {
    if (fixed.test(value) || value === '') return value;
    known.set(value, known.get(value) ?? `${value.startsWith('§') ? '§' : ''}word${String(known.size)}`);
    return known.get(value);
  };
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return plain(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return <T>(value: T) => walk(value) as T;
}
