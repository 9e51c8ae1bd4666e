import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { LIMITS } from '../../../../helpers/gitops/tree/document.ts';
import { inspectTree } from '../../../../helpers/gitops/tree/inspect.ts';
import { loadTree } from '../../../../helpers/gitops/tree/load.ts';
import { historyOf, patched, withTree } from './tree.ts';
import type { Files } from './tree.ts';

const map = (name: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: ${data}\n`;

/** The objects that a folder comes to, by kind and name, and what could not be read. */
function read(files: Files, path = '.') {
  return withTree(files, (folder) => {
    const { units, troubles, notApplied, missing } = loadTree(folder, path);
    const objects = units.flatMap(({ documents }) => documents.map(({ object }) => object));
    return { objects, troubles: troubles.map(({ place, what }) => `${place} ${what}`), notApplied, missing };
  });
}

const named = (files: Files, path?: string) =>
  read(files, path).objects.map(({ kind, metadata }) => `${String(kind)}/${(metadata as { name: string }).name}`);

test.describe('A folder of a Git tree', { tag: '@static' }, () => {
  test('should be read with all below it where it has no kustomization, other files and hidden ones left out', () => {
    const files = {
      'a.yaml': map('a', '{}'),
      'deep/b.yml': `${map('b', '{}')}---\n${map('c', '{}')}---\n`,
      'README.md': '# no YAML',
      '.github/workflow.yaml': 'on: push',
      'list.yaml':
        'apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: d } }\n',
    };
    expect(read(files).troubles).toEqual([]);
    expect(named(files).toSorted()).toEqual(['ConfigMap/a', 'ConfigMap/b', 'ConfigMap/c', 'ConfigMap/d']);
  });

  test('should be read by its kustomization where it has one: nothing else counts', () => {
    const files = {
      'kustomization.yaml': 'resources: [a.yaml, base]\ncomponents: [part]\n',
      'a.yaml': map('a', '{}'),
      'b.yaml': map('b', '{}'),
      'base/kustomization.yaml': 'resources: [c.yaml]',
      'base/c.yaml': map('c', '{}'),
      'part/kustomization.yaml': 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [d.yaml]',
      'part/d.yaml': map('d', '{}'),
    };
    expect(named(files)).toEqual(['ConfigMap/a', 'ConfigMap/c', 'ConfigMap/d']);
  });

  test('should have patches, namespace and images applied as kustomize does', () => {
    const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: a, labels: { app: a } }
spec: { template: { spec: { containers: [{ name: x, image: "r/x:1.0.0" }, { name: y, image: "r/y:1.0.0" }] } } }
`;
    const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: a }
spec: { chart: { spec: { version: 1.0.0 } }, valuesFrom: [{ name: one }, { name: two }], suspend: true }
`;
    const { objects, troubles, notApplied } = read({
      'kustomization.yaml': `namespace: trial
resources: [deployment.yaml, release.yaml, namespace.yaml]
images: [{ name: r/x, newTag: 2.0.0 }, { name: r/y, digest: "sha256:0123" }]
patches:
  - path: patch.yaml
  - target: { kind: HelmRelease, name: a }
    patch: |
      - { op: replace, path: /spec/chart/spec/version, value: 2.0.0 }
      - { op: remove, path: /spec/valuesFrom/0 }
      - { op: add, path: /spec/valuesFrom/-, value: { name: three } }
  - target: { kind: Deployment, labelSelector: app=a }
    patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: any, annotations: { note: patched } }
      spec: { template: { spec: { containers: [{ name: y, tty: true }] } } }
`,
      'patch.yaml': `${release.split('spec:')[0] ?? ''}spec: { suspend: null, timeout: 5m }\n`,
      'deployment.yaml': deployment,
      'release.yaml': release,
      'namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: trial }',
    });
    expect([troubles, notApplied]).toEqual([[], []]);
    expect(objects).toMatchObject([
      {
        metadata: { namespace: 'trial', annotations: { note: 'patched' } },
        spec: { template: { spec: { containers: [{ image: 'r/x:2.0.0' }, { image: 'r/y@sha256:0123', tty: true }] } } },
      },
      {
        metadata: { namespace: 'trial' },
        spec: {
          chart: { spec: { version: '2.0.0' } },
          valuesFrom: [{ name: 'two' }, { name: 'three' }],
          timeout: '5m',
        },
      },
      { metadata: { name: 'trial' } },
    ]);
    expect(objects[1]?.spec).not.toHaveProperty('suspend');
    expect(objects[2]?.metadata).not.toHaveProperty('namespace');
  });

  test('should say which parts of a kustomization are not followed, instead of guessing', () => {
    const { notApplied } = read({
      'kustomization.yaml':
        'resources: [a.yaml]\nnamePrefix: x-\nreplacements: [{ path: r.yaml }]\npatches: [{ target: { kind: ConfigMap }, patch: "[{ op: move, from: /a, path: /b }]" }]',
      'a.yaml': map('a', '{}'),
    });
    expect(notApplied.map(({ what }) => what).toSorted()).toEqual([
      '"namePrefix" is not followed',
      '"replacements" is not followed',
      'the patch has operations other than add, replace and remove',
    ]);
    const tree = patched('release/kustomization.yaml', 'resources:', 'nameSuffix: -x\nresources:');
    expect(JSON.stringify(historyOf(tree).fact('gitops.tree'))).toContain('nameSuffix');
  });

  for (const [what, files, says] of [
    [
      'a resource that leads out of the tree',
      { 'kustomization.yaml': 'resources: [../outside.yaml]' },
      'kustomization.yaml:1 resources[0] "../outside.yaml" leads out of the tree',
    ],
    [
      'a resource that leads out and in again',
      { 'kustomization.yaml': 'resources: [a/../../x/a.yaml]' },
      'kustomization.yaml:1 resources[0] "a/../../x/a.yaml" leads out of the tree',
    ],
    [
      'a generated value from outside',
      { 'kustomization.yaml': 'configMapGenerator: [{ name: a, files: [../outside.yaml] }]' },
      'kustomization.yaml:1 configMapGenerator[0] "../outside.yaml" leads out of the tree',
    ],
    [
      'a patch from outside',
      { 'kustomization.yaml': 'patches: [{ path: /etc/passwd }]' },
      'kustomization.yaml:1 patches[0] "/etc/passwd" is an absolute path',
    ],
    [
      'a folder without a kustomization',
      { 'kustomization.yaml': 'resources: [a]', 'a/a.yaml': map('a', '{}') },
      'a is a folder without a kustomization.yaml',
    ],
    [
      'a patch for nothing',
      { 'kustomization.yaml': `patches: [{ path: p.yaml }]`, 'p.yaml': map('a', '{}') },
      'kustomization.yaml:1 patches[0] is a patch for an object that is not there',
    ],
    [
      'a Kustomization of Flux in the place of a kustomization',
      { 'kustomization.yaml': 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization' },
      'kustomization.yaml:1 is a kustomize.toolkit.fluxcd.io and no kustomization',
    ],
    [
      'a circle',
      {
        'kustomization.yaml': 'resources: [a]',
        'a/kustomization.yaml': 'resources: [../b]',
        'b/kustomization.yaml': 'resources: [../a]',
      },
      'b/kustomization.yaml:1 resources[0] leads in a circle: a → b → a',
    ],
    [
      'a kustomization that leads to itself',
      { 'kustomization.yaml': 'resources: [.]' },
      'kustomization.yaml:1 resources[0] leads in a circle: . → .',
    ],
    ['YAML that is none', { 'a.yaml': `${map('a', '{}')}---\nkey: [` }, 'a.yaml:6 is no valid YAML (BAD_INDENT)'],
    ['a key twice', { 'a.yaml': 'kind: ConfigMap\nkind: Secret' }, 'a.yaml:2 is no valid YAML (DUPLICATE_KEY)'],
    ['an unknown tag', { 'a.yaml': 'kind: !!js/function x' }, 'a.yaml:1 is no valid YAML (TAG_RESOLVE_FAILED)'],
    ['a text', { 'a.yaml': 'just words' }, 'a.yaml:1 is no mapping'],
    [
      'an object without a name',
      { 'a.yaml': 'apiVersion: v1\nkind: ConfigMap' },
      'a.yaml:1 is a ConfigMap without a name',
    ],
    ['nesting without end', { 'a.yaml': `a: ${'['.repeat(50_000)}${']'.repeat(50_000)}` }, 'a.yaml'],
    [
      'nesting that is too deep',
      { 'a.yaml': `a: ${'['.repeat(100)}${']'.repeat(100)}` },
      `a.yaml:1 is nested more than ${String(LIMITS.depth)} levels deep`,
    ],
    [
      'a huge file',
      { 'a.yaml': `# ${'x'.repeat(LIMITS.bytes)}` },
      `a.yaml has ${String(LIMITS.bytes + 2)} bytes; at most ${String(LIMITS.bytes)} are read`,
    ],
  ] as const) {
    test(`should be told not to be readable with ${what}`, () => {
      expect(read(files as Files).troubles).toEqual([expect.stringContaining(says)]);
    });
  }

  test('should be told not to be there', () => {
    expect(read({ 'a.yaml': map('a', '{}') }, 'nowhere').troubles).toEqual(['nowhere does not exist']);
    expect(read({ 'a.yaml': map('a', '{}') }, 'a.yaml').troubles).toEqual(['a.yaml is a file']);
    expect(read({ 'a.yaml': map('a', '{}') }, '..').troubles).toEqual(['.. leads out of the tree']);
  });

  test('should not be left by a symbolic link', ({}, testInfo) => {
    const tree = testInfo.outputPath('tree');
    for (const [name, text] of [
      ['tree/kustomization.yaml', 'resources: [link.yaml]'],
      ['outside.yaml', map('outside', '{}')],
    ] as const) {
      mkdirSync(dirname(testInfo.outputPath(name)), { recursive: true });
      writeFileSync(testInfo.outputPath(name), text);
    }
    symlinkSync(testInfo.outputPath('outside.yaml'), join(tree, 'link.yaml'));
    const { troubles, units } = loadTree(tree);
    expect(troubles.map(({ what }) => what)).toEqual(['"link.yaml" leads out of the tree by a symbolic link']);
    expect(units.flatMap(({ documents }) => documents)).toEqual([]);
  });

  test('should be read whatever is in it, without an exception and without a word of what is wrong', () => {
    const word = fc.constantFrom(
      'apiVersion',
      'kind',
      'metadata',
      'name',
      'spec',
      'data',
      'resources',
      'patches',
      'v1',
      'Secret',
      'HelmRelease',
      'helm.toolkit.fluxcd.io/v2',
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
      'values',
      '__proto__',
      'constructor',
    );
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        word,
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(word, tie('node'), { maxKeys: 5 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, value, (one, other) => {
        const files = { 'kustomization.yaml': stringify(one), 'a/a.yaml': stringify(other) };
        for (const path of ['.', 'a'])
          expect(withTree(files, (tree) => inspectTree({ tree, path }))).toHaveProperty(['gitops.tree']);
      }),
      { numRuns: 60 },
    );
  });
});

test.describe('Variables of Flux', { tag: '@static' }, () => {
  const withValue = (text: string) => patched('release/values.yaml', '${HOST}', text);
  const hostname = (files: Files) =>
    withTree(files, (folder) => {
      const { units, missing } = loadTree(folder, 'apps');
      const values = units.flatMap(({ documents }) => documents).find(({ sources }) => sources !== undefined);
      const data = values?.object.data as Record<string, string> | undefined;
      return {
        hostname: /hostname: (.*)/.exec(data?.['values.yaml'] ?? '')?.[1],
        missing: missing.map(({ name }) => name),
      };
    });

  for (const [text, expected, missing] of [
    ['${HOST}', 'gateway.example.com', []],
    ['https://${HOST}/mcp', 'https://gateway.example.com/mcp', []],
    ['${OTHER:=else}', 'else', []],
    ['${OTHER:-else}', 'else', []],
    ['${HOST:=else}', 'gateway.example.com', []],
    ['${OTHER}', '${OTHER}', ['OTHER']],
    ['$${OTHER}', '${OTHER}', []],
    ['${other.thing}', '${other.thing}', ['other']],
    ['$(OTHER)', '$(OTHER)', []],
  ] as const) {
    test(`should turn ${text} into ${expected}`, () => {
      expect(hostname(withValue(text))).toEqual({ hostname: expected, missing });
    });
  }

  test('should be left alone where an object says so', () => {
    const tree = patched(
      'release/tools.yaml',
      'metadata: { name: tools,',
      'metadata: { annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled }, name: "tools",',
    );
    expect(hostname(patched('release/tools.yaml', 'pdb:', 'note: "${NOBODY}", pdb:', tree)).missing).toEqual([]);
  });

  test('should have a value when a Secret of the tree has the key, and be open when the source is elsewhere', () => {
    const from = (kind: string, name: string) =>
      patched('apps/flux.yaml', 'kind: ConfigMap, name: settings', `kind: ${kind}, name: ${name}`);
    expect(hostname(from('Secret', 'nowhere')).missing).toEqual(['HOST']);
    const { missing } = withTree(from('Secret', 'nowhere'), (folder) => loadTree(folder, 'apps'));
    expect(missing.map(({ elsewhere }) => elsewhere)).toEqual([true]);
    const store = patched(
      'release/secrets.yaml',
      'secretKey: JWT_SECRET_KEY',
      'secretKey: HOST',
      from('Secret', 'gateway-secrets'),
    );
    expect(hostname(store).missing).toEqual([]);
  });
});
