import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root } from './repository.ts';

test.describe('.ci/run', { tag: '@static' }, () => {
  test("should call the README's commands and nothing else", () => {
    const documented = fencedCommands(readFileSync(join(root, 'README.md'), 'utf8'));
    const called = ownCommands(readFileSync(join(root, '.ci/run'), 'utf8'));
    expect(called).toContain('npx playwright test');
    expect(documented).toEqual(expect.arrayContaining(called));
  });

  test('should be a program that can be started', () => {
    expect(statSync(join(root, '.ci/run')).mode & 0o111).toBe(0o111);
  });
});

/** Commands of a README's shell blocks, one a line, without the remark behind them. */
function fencedCommands(markdown: string): string[] {
  return [...markdown.matchAll(/^```(?:bash|sh|shell|console)\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block.split('\n').map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/\s+#.*$/, '')
        .trim(),
    ),
  );
}

/** Commands of a script, without what only prepares them: remarks, shell options, and going to the repository's folder. */
function ownCommands(script: string): string[] {
  return script
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(#|set -|cd "\$\(dirname )/.test(line))
    .map((line) => line.replace(/^exec /, '').replace(/ "\$@"$/, ''));
}
