import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { harmless } from '../../../../helpers/format.ts';
import { inline } from '../../../../helpers/verdict/markdown.ts';
import { annotationCommand, withoutCommands } from '../../../../reports/github/commands.ts';
import { code } from '../../../../reports/github/markdown.ts';

/** What names, answers and log lines may hold to command whoever shows them. */
const commands = [
  '\u001b[2J\u001b[H',
  '\u001b]0;a title\u0007',
  '\u001b]8;;https://example.com\u0007a link\u001b]8;;\u0007',
  '\u001b]52;c;cm0gLXJmIH4=\u0007',
  '\u001bP+q544e\u001b\\',
  '\u009b2J',
  'fail\rpass',
  '\u202eelif.exe',
  '\u0008\u0008\u0008pass',
];
const COMMAND = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
/** Lines of the log as GitHub's runner reads them: blanks of .NET in front are skipped. */
const forRunner = /(?:^|[\r\n])[\s\u0085]*(?:::|##\[)/;

test.describe('text from outside', { tag: '@static' }, () => {
  for (const text of commands)
    test(`should not command a terminal: ${JSON.stringify(text)}`, () => {
      expect(harmless(`before ${text} after`)).not.toMatch(COMMAND);
      expect(inline(text)).not.toMatch(COMMAND);
      expect(code(text)).not.toMatch(COMMAND);
    });

  test('should keep its lines, its colours and everything that is no command', () => {
    const text = '\u001b[31mred\u001b[0m\r\nnext\tcolumn · ünïcode 漢字 🙂\n';
    expect(harmless(text)).toBe(text);
  });

  test('should never command a terminal, whatever it is', () => {
    const part = fc.oneof(
      fc.constantFrom(...commands, '\u001b', '[', '31m', '\n', ']0;'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        (text) => {
          expect(harmless(text).replaceAll(/\u001b\[[\d;]{0,20}m|\r\n/g, '')).not.toMatch(COMMAND);
        },
      ),
    );
  });

  test('should never command GitHub’s runner, whatever it is', () => {
    const part = fc.constantFrom(
      ':',
      '::',
      '##[',
      '#',
      '[',
      ' ',
      '\t',
      '\n',
      '\r',
      '\u0085',
      '\u2028',
      '\u00a0',
      '\ufeff',
      '\u0007',
      'a',
      'error::',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
        (text) => {
          expect(withoutCommands(text)).not.toMatch(forRunner);
          expect(withoutCommands(text)).not.toContain('##[');
          const command = annotationCommand({ level: 'error', title: text, message: text });
          expect(command.split(/[\r\n]/)).toHaveLength(1);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
