import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { RedactedHistory } from '../../../../helpers/experiments/redacted-history.ts';
import { Redactor } from '../../../../helpers/kubernetes/redact.ts';
import { MASK } from '../../../../helpers/kubernetes/secret-shapes.ts';

const secret = fc.string({ unit: 'binary', minLength: 4, maxLength: 60 }).filter((text) => !MASK.includes(text));

test.describe('Redaction', { tag: '@static' }, () => {
  test('should leave no secret in any text, in whatever form it travels', () => {
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const redactor = new Redactor();
        redactor.add(value);
        const forms = [value, Buffer.from(value).toString('base64'), encodeURIComponent(value), JSON.stringify(value)];
        for (const form of forms) expect(redactor.text(`${before}\n${form}\n${after}`)).not.toContain(form);
      }),
    );
  });

  test('should leave text without secrets as it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const redactor = new Redactor();
        redactor.add('a secret that nobody guesses');
        expect(redactor.text(text)).toBe(text);
      }),
    );
  });

  test('should mask a secret that contains another one whole', () => {
    const redactor = new Redactor();
    redactor.add('inner');
    redactor.add('outer-inner-outer');
    expect(redactor.text('x outer-inner-outer y inner z')).toBe(`x ${MASK} y ${MASK} z`);
  });

  test('should know the shape of a secret that nobody declared, behind an escaped line break too', () => {
    const token = ['ghp', 'a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6'].join('_');
    const redactor = new Redactor();
    for (const before of ['', ' ', '"', '\n', String.raw`a\n`, String.raw`\\r`])
      expect(redactor.text(`${before}${token} b`)).toBe(`${before}${MASK} b`);
    expect(redactor.text(`login Bearer ${token}`)).toBe(`login Bearer ${MASK}`);
  });

  test('should take characters of patterns literally', () => {
    const redactor = new Redactor();
    redactor.add('a.*(b)[c]$^{2}\\|+?');
    expect(redactor.text('aXXb a.*(b)[c]$^{2}\\|+?')).toBe(`aXXb ${MASK}`);
  });

  test('should not search for what is too short to be a secret', () => {
    const redactor = new Redactor();
    redactor.add('abc');
    expect(redactor.text('abc')).toBe('abc');
  });

  test('should reach into values, names of fields included', () => {
    const redactor = new Redactor();
    redactor.add('hunter2hunter2');
    expect(redactor.value({ list: ['hunter2hunter2', 1, null], 'key hunter2hunter2': { deep: true } })).toEqual({
      list: [MASK, 1, null],
      [`key ${MASK}`]: { deep: true },
    });
  });

  test('should keep secrets out of a history', ({}, testInfo) => {
    const redactor = new Redactor();
    redactor.add('hunter2hunter2');
    const history = new RedactedHistory(testInfo.outputPath('history.jsonl'), redactor);
    history.fact('token', 'Bearer hunter2hunter2');
    history.end('aborted', 'refused: hunter2hunter2');
    const text = readFileSync(history.file, 'utf8');
    expect(text).toContain(MASK);
    expect(text).not.toContain('hunter2');
  });
});
