import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { gitopsDeploy } from '../../../../helpers/experiments/gitops-deploy.ts';
import { loadTarget } from '../../../../helpers/target/load.ts';

const bundled = join(import.meta.dirname, '../../../../fixtures/targets/contextforge');

/** The bundled target with another text in one of its files. */
function changedTarget(folder: string, file: string, from: string, to: string): () => ReturnType<typeof loadTarget> {
  cpSync(bundled, folder, { recursive: true });
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
  return () => loadTarget(folder);
}

const mistakes = [
  {
    name: 'a change of a file that is not there',
    file: 'target.yaml',
    from: 'file: gitops/custom-server.yaml',
    to: 'file: gitops/custom-serve.yaml',
    what: '"gitops/custom-serve.yaml" does not exist',
  },
  {
    name: 'a change of a field that has no place',
    file: 'target.yaml',
    from: 'spec.values.servers.0.tools:',
    to: 'spec.values.servers.7.tools:',
    what: 'gitops/gateway.yaml has no place for spec.values.servers.7.tools',
  },
  {
    name: 'a change of nothing',
    file: 'target.yaml',
    from: 'set: { spec.values.extraEnv.0.value: Gateway two }',
    to: 'set: {}',
    what: /must set at least one field/,
  },
  {
    name: 'an effect on no tool',
    file: 'target.yaml',
    from: '{ listed: [custom-tools-echo], unlisted: [custom-tools-fail] }',
    to: '{ listed: [] }',
    what: /must name at least one tool/,
  },
  {
    name: 'a misspelt placeholder in the tree',
    file: 'gitops/gateway.yaml',
    from: '${images.contextforge.tag}',
    to: '${images.contexforge.tag}',
    what: 'gateway.yaml has the unknown placeholder ${images.contexforge.tag}',
  },
];

test.describe('A target that is deployed from Git', { tag: '@static' }, () => {
  for (const { name, file, from, to, what } of mistakes) {
    test(`should be refused with ${name}`, ({}, testInfo) => {
      const load = changedTarget(testInfo.outputPath('target'), file, from, to);
      expect(load).toThrow(expect.objectContaining({ message: expect.stringMatching(asPattern(what)) }));
    });
  }

  test('should be missed before any cluster is asked for', () => {
    const target = loadTarget(bundled);
    expect(gitopsDeploy.lacks?.(target)).toBeUndefined();
    const { gitops: _gitops, ...without } = target;
    expect(gitopsDeploy.lacks?.(without as typeof target)).toMatchObject({ what: expect.stringContaining('Git') });
  });
});

function asPattern(text: string | RegExp): RegExp {
  return typeof text === 'string' ? new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')) : text;
}
