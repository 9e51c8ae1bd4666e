import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { loadSupport } from '../../../../helpers/support/load.ts';
import { evaluateStandard } from '../../../../helpers/verdict/evaluate.ts';
import standard from '../../../category-8/standard.ts';
import { flawlessFacts, historyOf, writeFacts } from './real-facts.ts';

const root = join(import.meta.dirname, '../../../..');
const bundled = join(root, 'fixtures/targets/contextforge');
const template = join(root, 'helpers/support/template');
const rows = ['criterion-6', 'criterion-7', 'gate-dedicated-se'];

test.describe('Facts about support', { tag: '@static' }, () => {
  for (const [name, folder] of [
    ['of the bundled target', join(bundled, 'support')],
    ['in the template', template],
  ] as const) {
    test(`should be marked as a sample wherever they are shown, and let nothing pass: those ${name}`, async () => {
      const items = await judged(folder);
      for (const { status, note, checks } of items) {
        expect(status).toBe('inconclusive');
        expect(note).toContain('sample data: ');
        for (const { seen } of checks) expect(seen).toMatch(/^sample data: /);
        // The machinery is seen at work: nothing but the sample itself stands in the way.
        expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
      }
      for (const { score } of items) expect(score ?? 1).toBe(1);
      expect(await scorecardOf(folder)).toMatch(/^\| Dedicated SE \|.*\| inconclusive \|.*sample data: /m);
    });
  }

  test('should be of a kind in the bundled target that shows a P95, and only the sample in the way', async () => {
    const checks = (await judged(join(bundled, 'support'))).flatMap((item) => item.checks);
    expect(new Set(checks.filter(({ verdict }) => verdict !== 'pass').map(({ id }) => id))).toEqual(
      new Set(['support.facts-are-real']),
    );
    const responses = checks.find(({ id }) => id === 'support.first-response-within-sla')?.seen;
    expect(responses).toMatch(/n=64: median \d+ %, P95 \d+ %, P99 not enough samples \(64 of 299\)/);
    expect(responses).toMatch(/worst: PILOT-\d+ \(P2, 4 h 47 min of 4 h\), PILOT-/);
    expect(responses).toContain('1 from outside the pilot, 2 outside the SLA');
  });

  test('should be asked for by name where a target has none', async () => {
    const folder = test.info().outputPath('target');
    mkdirSync(folder, { recursive: true });
    const history = await historyOf(folder, undefined);
    const { items } = evaluateStandard(standard, new Map([['support.facts', history]]), nothing);
    for (const item of items.filter(({ id }) => rows.includes(id))) {
      expect(new Set(item.checks.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
      expect(item.note).toContain('npx seatrial init --support');
    }
    const notes = items.map(({ note }) => note).join('\n');
    for (const section of ['pilot:', 'engineers:', 'sla:', 'tickets:', 'escalation:']) expect(notes).toContain(section);
  });

  test('should be judged as far as they go, and the missing section be named', async () => {
    const brought = flawlessFacts();
    const { escalation: _escalation, ...facts } = brought.facts;
    const folder = test.info().outputPath('target');
    writeFacts(folder, { ...brought, facts: facts as typeof brought.facts });
    const [six, seven] = await judged(folder);
    expect(six).toMatchObject({ status: 'pass', score: 5 });
    expect(seven).toMatchObject({ status: 'inconclusive', note: expect.stringContaining('lack the escalation path') });
  });

  test('should leave no name, address or subject in the history', async () => {
    const folder = test.info().outputPath('target');
    writeFacts(folder, flawlessFacts());
    const text = JSON.stringify((await historyOf(folder, 'facts.yaml')).records);
    expect(text).toContain('A. B. C.');
    expect(text).toContain('a***@seatrial.dev');
    expect(text).not.toMatch(/Anna|Cramer|Dora|Emil|anna|dora|head@|90182/);
    const sample = JSON.stringify(
      (await historyOf(bundled, 'support/facts.yaml', test.info().outputPath('run'))).records,
    );
    expect(sample).not.toMatch(/Alex|Robin|Kim|Tool list stays empty|207946/);
  });

  test('should be valid in the template, with each source marked as not filled in', () => {
    const { facts, tickets } = loadSupport(join(template, 'facts.yaml'));
    expect(facts.sample).toBe(true);
    expect(tickets).toHaveLength(3);
    // Whoever puts false there without filling it in is found out by what the template says of its sources.
    const sources = readFileSync(join(template, 'facts.yaml'), 'utf8').match(/source: .*/g) ?? [];
    expect(sources.every((line) => line.startsWith('source: TEMPLATE'))).toBe(true);
  });
});

const nothing = { name: 'sample', releases: [], kubernetesVersions: [], notApplicable: {} };

async function verdictOf(folder: string) {
  // The run's own files must not land beside the facts.
  const run = test.info().outputPath('run');
  mkdirSync(run, { recursive: true });
  const history = await historyOf(run, join(folder, 'facts.yaml'));
  return evaluateStandard(standard, new Map([['support.facts', history]]), nothing);
}

async function judged(folder: string) {
  return (await verdictOf(folder)).items.filter(({ id }) => rows.includes(id));
}

async function scorecardOf(folder: string): Promise<string> {
  return standard.scorecard(await verdictOf(folder), { run: 'r', complete: true });
}
