import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { loadOptions } from '../../../../helpers/config/options.ts';
import { settings } from '../../../../helpers/config/settings.ts';
import { didYouMean, typingMistakes } from '../../../../helpers/config/suggest.ts';

let folder: string;
const load = (env: Record<string, string> = {}) => loadOptions(folder, { HOME: '/home/somebody', ...env });

test.describe('options', { tag: '@static' }, () => {
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
  });

  test.afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('should have a default for everything', () => {
    expect(load()).toMatchObject({
      provider: 'auto',
      nodes: 2,
      allowedContexts: [],
      assumeYes: false,
      keepCluster: false,
    });
    expect(load().cacheFolder).toBe('/home/somebody/.cache/seatrial');
  });

  test('should let the environment take precedence over the file', () => {
    writeFileSync(join(folder, 'seatrial.config.yaml'), 'nodes: 3\nallowedContexts: [staging]\n');
    expect(load()).toMatchObject({ nodes: 3, allowedContexts: ['staging'] });
    expect(load({ SEATRIAL_NODES: '1' }).nodes).toBe(1);
  });

  test('should refuse a wildcard on the allow-list, with its line', () => {
    writeFileSync(join(folder, 'seatrial.config.yaml'), 'nodes: 3\nallowedContexts: ["*"]\n');
    expect(() => load()).toThrow(/wildcards are refused[\s\S]*seatrial\.config\.yaml:2 allowedContexts\[0\]/);
  });

  test('should suggest the key and the variable that was meant', () => {
    writeFileSync(join(folder, 'seatrial.config.yaml'), 'provder: kind\n');
    expect(() => load({ SEATRIAL_NODS: '3' })).toThrow(/SEATRIAL_NODES[\s\S]*provider|provider[\s\S]*SEATRIAL_NODES/);
  });

  test('should refuse a number of nodes that is none', () => {
    expect(() => load({ SEATRIAL_NODES: 'many' })).toThrow(/SEATRIAL_NODES/);
  });

  test('should know a word again after one typing mistake', () => {
    const words = settings.map(({ key }) => key);
    const oneMistake = fc
      .constantFrom(...words)
      .chain((word) =>
        fc.nat({ max: word.length - 1 }).map((at) => [word, word.slice(0, at) + word.slice(at + 1)] as const),
      );
    fc.assert(
      fc.property(oneMistake, ([word, misspelt]) => {
        expect(typingMistakes(word, misspelt)).toBe(1);
        expect(didYouMean(misspelt, words)).toBeDefined();
      }),
    );
  });

  test('should be documented in the README as they are', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8');
    for (const { key, variable, fallback } of settings) {
      expect(readme).toContain(`| \`${key}\` | \`${variable}\` | ${fallback} |`);
    }
  });
});
