import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { describeTopics } from '../../../../helpers/experiments/chart/documents.ts';
import type { Target } from '../../../../helpers/target/schema.ts';

const SAYS_SOMETHING =
  'Run the command below and wait until all pods of the release are ready again; then call a tool.';

function topicsIn(folder: string, { readme = '', docs = {} as Target['docs'], files = {} as Record<string, string> }) {
  mkdirSync(join(folder, 'chart'), { recursive: true });
  writeFileSync(join(folder, 'chart', 'README.md'), readme);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const chart = { name: 'sample', version: '1.0.0', folder: join(folder, 'chart'), source: 'chart' };
  return describeTopics({ folder, docs } as Target, [chart]);
}

test.describe('What the documentation describes', { tag: '@static' }, () => {
  test('should be found in the declared document, with its section', ({}, testInfo) => {
    const upgrade = `# Operations\n\n## Upgrading\n\n${SAYS_SOMETHING}\n\n## Rolling back\n\n${SAYS_SOMETHING}\n`;
    const topics = topicsIn(testInfo.outputPath(), {
      docs: { upgrade: 'upgrade.md' },
      files: { 'upgrade.md': upgrade },
    });
    expect(topics.upgrade).toEqual({ file: 'upgrade.md', found: true, where: 'upgrade.md, section "Upgrading"' });
    expect(topics.rollback).toMatchObject({ found: true, where: 'upgrade.md, section "Rolling back"' });
    expect(topics.uninstall).toMatchObject({ found: false });
  });

  test('should be looked for in the READMEs where no document is declared', ({}, testInfo) => {
    const topics = topicsIn(testInfo.outputPath(), { readme: `# Sample\n\n## Uninstall\n\n${SAYS_SOMETHING}\n` });
    expect(topics.uninstall).toEqual({ file: 'README.md', found: true, where: 'README.md, section "Uninstall"' });
    expect(topics.upgrade).toEqual({ file: 'README.md', found: false });
  });

  test('should count sub-sections, but neither empty sections nor comments in examples', ({}, testInfo) => {
    const readme = [
      '## Upgrade',
      '',
      '## Rollback',
      '',
      '### By Helm',
      '',
      SAYS_SOMETHING,
      '',
      '```sh',
      '# uninstall everything',
      `echo ${SAYS_SOMETHING}`,
      '```',
    ].join('\n');
    const topics = topicsIn(testInfo.outputPath(), { readme });
    expect(Object.values(topics).map(({ found }) => found)).toEqual([false, true, false]);
  });
});
