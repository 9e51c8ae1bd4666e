import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { annotationsOf } from '../../../../reports/github/annotations.ts';
import { annotationCommand, group, isOnGitHub, withoutCommands } from '../../../../reports/github/commands.ts';
import { checkOf, criterionOf, gateOf, NASTY, verdictOf } from './verdicts.ts';

const nowhere = () => undefined;

test.describe('Annotations', { tag: '@static' }, () => {
  test('should be errors for what failed and warnings for what is inconclusive, gates first, and nothing for a pass', () => {
    const found = annotationsOf(verdictOf([criterionOf(), gateOf('fail'), gateOf('pass'), gateOf('not-run')]), nowhere);
    expect(found.map(({ level, title }) => [level, title])).toEqual([
      ['error', 'Seatrial failed: Gate: Gate of fail'],
      ['error', 'Seatrial failed: Criterion 1: Changes do not interrupt calls'],
      ['warning', 'Seatrial inconclusive: Criterion 1: Changes do not interrupt calls'],
    ]);
    expect(found[0]?.message).toBe(
      'A check that comes to fail: expected 0 calls lost; seen 3 of 51 calls lost (gate.fail)',
    );
  });

  test('should tell a check once that several rows need, and put together what stands at one place', () => {
    const shared = checkOf('fail', { id: 'shared' });
    const rows = [gateOf('fail', { checks: [shared] }), gateOf('inconclusive', { checks: [shared, checkOf('fail')] })];
    const found = annotationsOf(verdictOf(rows), () => ({ file: 'target.yaml', line: 7 }));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ file: 'target.yaml', line: 7 });
    expect(found[0]?.message.split('\n')).toHaveLength(2);
    expect(found[0]?.title).toContain('and 1 more');
  });

  test('should be no more than GitHub shows, with that the run ended early as the first', () => {
    const rows = Array.from({ length: 40 }, (_, index) =>
      gateOf('fail', { id: `gate-${String(index)}`, checks: [checkOf('fail', { id: `c${String(index)}` })] }),
    );
    const found = annotationsOf(verdictOf(rows), nowhere, 'This run ended early: it was interrupted.');
    expect(found).toHaveLength(10);
    expect(found[0]?.title).toContain('ended early');
  });

  test('should be commands of one line each, whatever is in the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }), (title, message, file) => {
        const command = annotationCommand({ level: 'error', title, message: message + NASTY, file, line: 3 });
        expect(command).not.toMatch(/[\r\n]/);
        const [, level, properties = '', data = ''] = /^::(\w+) (.*?)::(.*)$/.exec(command) ?? [];
        expect(level).toBe('error');
        const values = new Map(properties.split(',').map((pair) => [pair.split('=', 1)[0], pair.replace(/^\w+=/, '')]));
        expect(unescaped(values.get('title') ?? '')).toBe(title);
        expect(unescaped(values.get('file') ?? '')).toBe(file);
        expect(unescaped(data)).toBe(message + NASTY);
      }),
    );
  });

  test('should leave no command in what a target or a test prints', () => {
    const printed = withoutCommands('::add-mask::a\n  ::endgroup::\n[ 1 s] ::x::\nplain ##[error]boo\na::b');
    expect(printed).not.toMatch(/^\s*::/m);
    expect(printed).not.toContain('##[');
    expect(printed).toContain('a::b');
  });

  test('should open a group with a title of one line', () => {
    expect(group('50 %\nof it')).toBe('::group::50 %25%0Aof it');
  });

  test('should know GitHub by what it says of itself', () => {
    expect(isOnGitHub({ GITHUB_ACTIONS: 'true' })).toBe(true);
    expect(isOnGitHub({ CI: 'true' })).toBe(false);
  });
});

/** As the runner reads it. */
function unescaped(text: string): string {
  return text
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%25', '%');
}
