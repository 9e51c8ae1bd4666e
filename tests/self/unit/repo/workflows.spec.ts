import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { parse } from 'yaml';
import { z } from 'zod';
import { root, trackedFiles } from './repository.ts';
import type { TrackedFile } from './repository.ts';

const step = z.looseObject({ uses: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() });
const workflowSchema = z.looseObject({
  on: z.unknown(),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.looseObject({
      'timeout-minutes': z.int(),
      permissions: z.record(z.string(), z.string()).default({}),
      environment: z.string().optional(),
      steps: z.array(step),
    }),
  ),
});

/** What jobs may do beyond reading the repository, each for a reason that stands beside it there. */
const raised: Readonly<Record<string, Record<string, string>>> = {
  'pull-request.yml verdict': { actions: 'read' },
  'pull-request.yml comment': { actions: 'read', 'pull-requests': 'write' },
};

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

  test('should let a job do more only where that is declared', async () => {
    const own = (await workflows()).flatMap(({ name, jobs }) =>
      Object.entries(jobs).map(([job, { permissions }]) => {
        const { contents, ...more } = permissions;
        expect(['read', undefined], `${name} ${job}`).toContain(contents);
        return [`${name} ${job}`, more] as const;
      }),
    );
    expect(Object.fromEntries(own.filter(([, more]) => Object.keys(more).length > 0))).toEqual(raised);
  });

  test('should never run what a pull request brings with rights or secrets of the repository', async () => {
    for (const { name, on, jobs, text } of await workflows()) {
      const events = typeof on === 'string' ? [on] : Object.keys(on as object);
      // Both run in the repository's own name, on what somebody else wrote.
      expect(events, name).not.toContain('pull_request_target');
      expect(events, name).not.toContain('workflow_run');
      expect(text, name).not.toMatch(/secrets:\s*inherit/);
      for (const [job, { permissions, environment, steps }] of Object.entries(jobs)) {
        const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true);
        expect(
          checkouts.map((checkout) => checkout.with?.['persist-credentials']),
          `${name} ${job}`,
        ).toEqual(checkouts.map(() => false));
        const writes = Object.values(permissions).includes('write');
        expect(
          checkouts.every((checkout) => !writes || String(checkout.with?.ref).includes('base_ref')),
          `${name} ${job}`,
        ).toBe(true);
        const secrets = [...JSON.stringify(steps).matchAll(/secrets\.(\w+)/g)].map(([, secret]) => secret);
        expect(
          secrets.length === 0 || environment !== undefined,
          `${name} ${job}: secrets without an environment`,
        ).toBe(true);
      }
    }
  });

  test('should lock each package that a run needs by its hash, and the others but for other platforms', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<
        string,
        { integrity?: string; dev?: boolean; optional?: boolean; os?: string[]; cpu?: string[] }
      >;
    };
    const open = Object.entries(packages).filter(([path, { integrity }]) => path !== '' && integrity === undefined);
    const elsewhere = open.filter(
      ([, { dev, optional, os, cpu }]) => dev === true && optional === true && (os ?? cpu) !== undefined,
    );
    expect(open.map(([path]) => path)).toEqual(elsewhere.map(([path]) => path));
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

async function workflows() {
  return (await workflowFiles())
    .filter(isWorkflow)
    .map(({ path, text }) => ({ ...workflowSchema.parse(parse(text)), name: basename(path), text }));
}

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
