import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ESLint } from 'eslint';
import { root } from './repository.ts';

/** What would let a value become a command, each as somebody might write it. */
const refused = [
  "import { exec } from 'node:child_process';",
  "import { execSync } from 'node:child_process';",
  "import { $ } from 'execa';",
  "import { execaCommand } from 'execa';",
  "await execa('helm', ['pull', name], { shell: true });",
  "spawn('helm', { shell: '/bin/bash' });",
  "await execa('sh', ['-c', `helm pull ${name}`]);",
  "await execa('sh', ['-c', 'helm pull ' + name]);",
  "await execa('bash', ['-euc', lines.join('\\n')]);",
  "const command = ['sh', '-c', `cat ${file}`, 'sh'];",
];

const allowed = [
  "import { spawn } from 'node:child_process';",
  "import { execa } from 'execa';",
  "await execa('helm', ['pull', name], { shell: false });",
  "await execa('sh', ['-c', 'cat \"$1\"', 'sh', file]);",
  "await execa('sh', ['-c', SCRIPT, file]);",
  'const command = [`-c`, `${name}`];',
];

test.describe('Values and shells', { tag: '@static' }, () => {
  for (const code of refused) {
    test(`should be kept apart: ${code}`, async () => {
      expect(await complaints(code)).toEqual([expect.stringMatching(/^no-restricted-(imports|syntax)$/)]);
    });
  }

  for (const code of allowed) {
    test(`should be allowed to meet as in ${code}`, async () => {
      expect(await complaints(code)).toEqual([]);
    });
  }
});

/** Lints a line with the repository's own configuration, without types, since the rules under test need none. */
async function complaints(code: string): Promise<(string | null)[]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-syntax' || ruleId === 'no-restricted-imports',
  });
  const results = await eslint.lintText(`${code}\n`, { filePath: join(root, 'helpers/errors.ts') });
  return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
}
