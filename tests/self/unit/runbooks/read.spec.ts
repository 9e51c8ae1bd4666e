import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { readRunbooks, runbookFor } from '../../../../helpers/runbooks/folder.ts';
import { readFence } from '../../../../helpers/runbooks/info.ts';
import { readRunbook } from '../../../../helpers/runbooks/read.ts';
import { topics } from '../../../../helpers/runbooks/types.ts';

const complete = `---
title: A pod crashes
failure: [pod-crash-loop, out-of-memory]
severity: P2
detect: 90s
recover: 1m30s
---

# A pod crashes

## Symptoms

\`\`\`sh {"tag":"detect"}
kubectl get pods | grep CrashLoopBackOff
\`\`\`

## How to find the cause

Read the log:

\`\`\`sh
kubectl logs POD
\`\`\`

## Remedy

1. Go back.

   \`\`\`bash { name=back tag=remedy }
   kubectl rollout undo deployment/gateway
   kubectl rollout status deployment/gateway
   \`\`\`

## How to verify the fix

\`\`\`sh {"name":"verify","tag":"slow,verify"}
true
\`\`\`

## Escalation

Call the on-call engineer.
`;

test.describe('runbooks', { tag: '@static' }, () => {
  test('should be read with their failures, promises, topics and marked blocks', () => {
    expect(readRunbook('crash.md', complete)).toEqual({
      file: 'crash.md',
      failures: ['pod-crash-loop', 'out-of-memory'],
      severity: 'P2',
      limits: { detectMs: 90_000, recoverMs: 90_000 },
      topics: [...topics],
      blocks: [
        { role: 'detect', line: 13, script: 'kubectl get pods | grep CrashLoopBackOff' },
        {
          role: 'remedy',
          line: 29,
          script: 'kubectl rollout undo deployment/gateway\nkubectl rollout status deployment/gateway',
        },
        { role: 'verify', line: 36, script: 'true' },
      ],
      mistakes: [],
    });
  });

  test('should never have a block run that is not marked', () => {
    for (const info of ['', 'sh', 'bash', 'sh {"name":"remedy"}', 'bash {1,3}', 'sh { name=x }', 'js {"tag":"none"}'])
      expect(readFence(info).role, info).toBeUndefined();
    expect(readFence('sh{"tag":"remedy"}').role).toBe('remedy');
    expect(readFence('shell { tag="slow, remedy" }').role).toBe('remedy');
  });

  test('should tell a mark that cannot be followed', () => {
    const wrong = complete
      .replace('sh {"tag":"detect"}', 'python {"tag":"detect"}')
      .replace('tag=remedy }', 'tag=remedy');
    const { mistakes, blocks } = readRunbook('crash.md', wrong) ?? {};
    expect(mistakes).toEqual([
      '13: a detect block must be of the language sh, bash, shell, not "python"',
      '29: the attributes { name=back tag=remedy cannot be read',
    ]);
    expect(blocks?.map(({ role }) => role)).toEqual(['verify']);
  });

  test('should count a topic only when something is said about it', () => {
    const silent = complete.replace('Call the on-call engineer.', '<!-- to be written -->');
    expect(readRunbook('crash.md', silent)?.topics).toEqual(topics.filter((topic) => topic !== 'escalation'));
  });

  test('should be no runbook without a failure in its front matter', () => {
    expect(readRunbook('README.md', '# Runbooks\n')).toBeUndefined();
    expect(readRunbook('page.md', '---\ntitle: Page\n---\n# Page\n')).toBeUndefined();
    expect(readRunbook('page.md', '---\nno end\n# Page\n')).toBeUndefined();
  });

  test('should tell front matter that cannot be read, and be for no failure', () => {
    for (const yaml of ['failure: [', 'failure: []', 'failure: x\ndetect: soon']) {
      const runbook = readRunbook('crash.md', `---\n${yaml}\n---\n`);
      expect(runbook?.failures).toEqual([]);
      expect(runbook?.mistakes).toEqual([expect.stringMatching(/^1: the front matter cannot be read: ./)]);
    }
  });

  test('should be found below the folder, and not through a link that leads out of it', ({}, testInfo) => {
    const folder = testInfo.outputPath('runbooks');
    mkdirSync(join(folder, 'pods'), { recursive: true });
    writeFileSync(join(folder, 'pods', 'crash.md'), complete);
    writeFileSync(join(folder, 'notes.txt'), complete);
    writeFileSync(testInfo.outputPath('elsewhere.md'), complete.replace('pod-crash-loop', 'node-lost'));
    symlinkSync(testInfo.outputPath('elsewhere.md'), join(folder, 'linked.md'));
    const found = readRunbooks(folder);
    expect(found.map(({ file }) => file)).toEqual(['pods/crash.md']);
    expect(runbookFor('out-of-memory', found)?.file).toBe('pods/crash.md');
    expect(runbookFor('node-lost', found)).toBeUndefined();
  });
});
