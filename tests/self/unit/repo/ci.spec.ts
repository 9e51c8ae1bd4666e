import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root } from './repository.ts';

test.describe('.ci/run', { tag: '@static' }, () => {
  test("should call the README's commands and nothing else", () => {
    const documented = fencedCommands(readFileSync(join(root, 'README.md'), 'utf8'));
    const called = ownCommands(readFileSync(join(root, '.ci/run'), 'utf8'));
    expect(called.at(-1)).toMatch(/^(npm test|npx playwright test)$/);
    expect(documented).toEqual(expect.arrayContaining(called));
  });

  test('should be a program that can be started', () => {
    expect(statSync(join(root, '.ci/run')).mode & 0o111).toBe(0o111);
  });
});

/** Commands of a README's shell blocks, without the remark behind them. */
function fencedCommands(markdown: string): string[] {
  const blocks = markdown.matchAll(/^```(?:bash|sh|shell|console)\n(.*?)^```/gms);
  return [...blocks].flatMap(([, block = '']) => commands(block));
}

/** Commands of a script, without what only prepares them: shell options, that nobody can be asked, and going to the repository's folder. */
function ownCommands(script: string): string[] {
  return commands(script)
    .filter((command) => !/^(set -|export CI=|cd "\$\(dirname )/.test(command))
    .map((command) => command.replace(/^exec /, '').replace(/ "\$@"$/, ''));
}

function commands(shell: string): string[] {
  return shell
    .split(/\n|&&/)
    .map((command) => command.replace(/(^|\s+)#.*$/, '').trim())
    .filter((command) => command !== '');
}
