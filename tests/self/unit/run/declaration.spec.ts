import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { filesBelow } from '../../../../helpers/files.ts';
import { keepDeclaration } from '../../../../helpers/run/declaration.ts';
import { recordHost } from '../../../../helpers/run/host.ts';
import { loadAnyTarget } from '../../../../helpers/target/load.ts';
import type { AnyTarget } from '../../../../helpers/target/any.ts';
import { root } from '../repo/repository.ts';

function freshRun() {
  const folder = test.info().outputPath('run');
  mkdirSync(folder, { recursive: true });
  return { id: '20261121-100000-abcd', folder, owner: process.pid };
}

test.describe('what a run keeps of its beginning', { tag: '@static' }, () => {
  test('should keep the declaration with all values that it names, those of changes and other versions too', () => {
    const run = freshRun();
    const target = loadAnyTarget(join(root, 'fixtures/targets/contextforge'));
    keepDeclaration(run, target);
    const kept = filesBelow(join(run.folder, 'target/contextforge'));
    expect(kept).toEqual(
      expect.arrayContaining([
        'architecture.yaml',
        'target.yaml',
        'values/changes/rate-limit.yaml',
        'values/gateway.yaml',
      ]),
    );
    for (const path of kept)
      expect(readFileSync(join(run.folder, 'target/contextforge', path))).toEqual(
        readFileSync(join(target.folder, path)),
      );
  });

  test('should keep the declaration of a model', () => {
    const run = freshRun();
    keepDeclaration(run, loadAnyTarget(join(root, 'fixtures/targets/fastapi-iris')));
    expect(filesBelow(join(run.folder, 'target/fastapi-iris'))).toContain('target.yaml');
  });

  test('should leave alone what lies outside of the target, or is not there', () => {
    const run = freshRun();
    const folder = test.info().outputPath('mine');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'target.yaml'), 'name: mine\n');
    writeFileSync(join(folder, '../outside.yaml'), 'secret: yes\n');
    const releases = [{ name: 'one', values: ['../outside.yaml', 'missing.yaml', '.'] }];
    keepDeclaration(run, { name: 'mine', folder, file: join(folder, 'target.yaml'), releases } as unknown as AnyTarget);
    expect(filesBelow(join(run.folder, 'target'))).toEqual(['mine/target.yaml']);
    expect(filesBelow(run.folder)).toEqual(['target/mine/target.yaml']);
  });

  test('should record the machine without the names of machine and person', () => {
    const run = freshRun();
    const facts = recordHost(run, root);
    const text = readFileSync(join(run.folder, 'host.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(facts);
    expect(facts.cores).toBeGreaterThan(0);
    expect(facts.memoryBytes).toBeGreaterThan(0);
    expect(facts).not.toHaveProperty('hostname');
    for (const name of [hostname(), userInfo().username].filter((one) => one.length > 4))
      expect(text).not.toContain(name);
  });

  test('should go on without a commit where there is no working copy of Git', () => {
    const outside = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
    expect(recordHost(freshRun(), outside)).not.toHaveProperty('commit');
    expect(recordHost(freshRun(), root).commit).toMatch(/^[0-9a-f]{40}$/);
    rmSync(outside, { recursive: true });
  });
});
