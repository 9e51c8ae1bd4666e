import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { readers, texts } from './hostile-texts.ts';

/** All of it takes a few seconds on an idle machine; a reader that runs away takes hours with one of them. In ms. */
const NEVER_MS = 120_000;

test.describe('documents of somebody who means harm', { tag: '@static' }, () => {
  test('should keep no reader busy for ever', async () => {
    test.setTimeout(2 * NEVER_MS);
    const folder = test.info().outputPath('documents');
    mkdirSync(folder, { recursive: true });
    const script = join(import.meta.dirname, 'hostile-parser.ts');
    const options = { reject: false, timeout: NEVER_MS, env: { NODE_OPTIONS: '' } } as const;
    const { stdout, stderr } = await execa(process.execPath, [script, folder], options);
    const all = readers.flatMap((reader) => Object.keys(texts).map((name) => `${reader}: ${name}`));
    // The first that is missing is the one that was never done.
    expect(stdout.split('\n'), stderr).toEqual(all);
  });
});
