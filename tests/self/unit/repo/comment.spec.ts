import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import { parse } from 'yaml';
import { MARKER } from '../../../../reports/pull-request.ts';
import { root } from './repository.ts';

interface Action {
  runs: { steps: { run: string }[] };
}

test.describe('The action that comments', { tag: '@static' }, () => {
  test('should post a comment where there is none', async () => {
    expect(await comment('')).toEqual([
      'run download 42 --repo o/r --name seatrial-verdict --dir FOLDER/seatrial-verdict',
      expect.stringMatching(/^api --paginate repos\/o\/r\/issues\/7\/comments --jq /),
      'api --silent --method POST repos/o/r/issues/7/comments -F body=@FOLDER/seatrial-verdict/pull-request.md',
    ]);
  });

  test('should replace its own comment, the first if there are several', async () => {
    expect((await comment('11\n12\n')).at(-1)).toBe(
      'api --silent --method PATCH repos/o/r/issues/comments/11 -F body=@FOLDER/seatrial-verdict/pull-request.md',
    );
  });

  test('should know its own comment by what the text begins with', async () => {
    const [, search] = await comment('');
    expect(search).toContain(`startswith("${MARKER}")`);
    expect(search).toContain('.user.login == "github-actions[bot]"');
  });
});

/** Runs the script with a `gh` that writes down how it is called, and finds the comments `ids`. */
async function comment(ids: string): Promise<string[]> {
  const folder = test.info().outputPath();
  const calls = join(folder, 'calls');
  mkdirSync(folder, { recursive: true });
  writeFileSync(calls, '');
  writeFileSync(
    join(folder, 'gh'),
    `#!/bin/sh\necho "$*" >> "$CALLS"\ncase "$2" in --paginate) printf '%s' "$IDS";; esac\n`,
    { mode: 0o755 },
  );
  const action = parse(readFileSync(join(root, '.github/actions/comment/action.yml'), 'utf8')) as Action;
  await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', action.runs.steps[0]?.run ?? 'false'], {
    env: {
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      CALLS: calls,
      IDS: ids,
      RUNNER_TEMP: folder,
      GITHUB_RUN_ID: '42',
      GITHUB_REPOSITORY: 'o/r',
      ARTIFACT: 'seatrial-verdict',
      NUMBER: '7',
    },
  });
  return readFileSync(calls, 'utf8').replaceAll(folder, 'FOLDER').trim().split('\n');
}
