import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { parse } from 'yaml';
import { z } from 'zod';
import { trackedFiles } from './repository.ts';
import type { TrackedFile } from './repository.ts';

const workflowSchema = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), z.looseObject({ 'timeout-minutes': z.int() })),
});

test.describe('Workflows', { tag: '@static' }, () => {
  test('should pin every action by the hash of a commit, with its version beside it', async () => {
    const files = await workflowFiles();
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap(({ text }) => unpinned(text))).toEqual([]);
  });

  test('should find an action that is pinned by a tag, a branch, a short hash or without its version', () => {
    const hash = 'a'.repeat(40);
    const loose = [
      'owner/action@v4',
      'owner/action@main',
      'owner/action@abc1234',
      `owner/action@${hash}`,
      'owner/action',
    ];
    const pinned = [`owner/action@${hash} # v1.2.3`, `owner/action/sub@${hash} # v1`, './.github/actions/own'];
    expect(unpinned([...loose, ...pinned].map((use) => `      - uses: ${use}`).join('\n'))).toEqual(loose);
  });

  test('should read only, unless a job says otherwise, and end within a time limit', async () => {
    for (const { path, text } of (await workflowFiles()).filter(isWorkflow)) {
      const { permissions } = workflowSchema.parse(parse(text), { error: () => `${path}: permissions or time limit` });
      expect(permissions, path).toEqual({ contents: 'read' });
    }
  });

  test('should put nothing from outside into a script: it comes through the environment', async () => {
    const scripts = (await workflowFiles()).flatMap(scriptsIn);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter(({ script }) => script.includes('${{'))).toEqual([]);
  });

  test('should have scripts that a shell can read', async () => {
    const scripts = (await workflowFiles()).flatMap(scriptsIn);
    for (const { path, script } of scripts) {
      const { stderr } = await execa('bash', ['-n'], { input: script, reject: false });
      expect(stderr, `${path}:\n${script}`).toBe('');
    }
  });
});

/** Actions have neither jobs nor permissions. */
function isWorkflow({ path }: TrackedFile): boolean {
  return path.startsWith('.github/workflows/');
}

/** The value of every `run`, wherever it stands. */
function scriptsIn({ path, text }: TrackedFile): { path: string; script: string }[] {
  const find = (value: unknown): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    const own = 'run' in value && typeof value.run === 'string' ? [value.run] : [];
    return [...own, ...Object.values(value).flatMap(find)];
  };
  return find(parse(text)).map((script) => ({ path, script }));
}

async function workflowFiles() {
  return (await trackedFiles()).filter(({ path }) => /^\.github\/(workflows|actions)\/.*\.ya?ml$/.test(path));
}

/** What is used but not pinned. Actions of this repository come with the commit that uses them. */
function unpinned(workflow: string): string[] {
  return [...workflow.matchAll(/^\s*(?:- )?uses: *(.*?) *$/gm)]
    .map(([, use = '']) => use)
    .filter((use) => !use.startsWith('./') && !/^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+(\.\d+)*$/.test(use));
}
