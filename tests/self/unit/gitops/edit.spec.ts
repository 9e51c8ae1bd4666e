import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { editYaml, fillPlaceholders, missingPlaces } from '../../../../helpers/gitops/edit.ts';

const release = `# How the gateway is deployed.
kind: HelmRelease
spec:
  values:
    # Names of tools.
    servers:
      - name: custom
        tools: [echo, fail] # all of them
`;
const two = `kind: ConfigMap\ndata: { a: one }\n---\nkind: HelmRelease\nspec: { values: {} }\n`;

test.describe('A change of a file in Git', { tag: '@static' }, () => {
  test('should put another value into a field and keep what people wrote around it', () => {
    const edited = editYaml(release, { 'spec.values.servers.0.tools': ['echo'] });
    expect(parse(edited)).toMatchObject({ spec: { values: { servers: [{ name: 'custom', tools: ['echo'] }] } } });
    expect(edited).toContain('# How the gateway is deployed.');
    expect(edited).toContain('# Names of tools.');
  });

  test('should add a field to a mapping that is there', () => {
    expect(parse(editYaml(release, { 'spec.values.replicaCount': 3 }))).toMatchObject({
      spec: { values: { replicaCount: 3 } },
    });
  });

  test('should find the document that has the place, and leave the others as they are', () => {
    const edited = parseAllDocuments(editYaml(two, { 'spec.values.replicas': 2 }));
    const [first, second] = edited.map((one) => one.toJS() as unknown);
    expect(first).toEqual({ kind: 'ConfigMap', data: { a: 'one' } });
    expect(second).toEqual({ kind: 'HelmRelease', spec: { values: { replicas: 2 } } });
  });

  test('should refuse a field without a place, and name it before anything is tried', () => {
    expect(() => editYaml(release, { 'spec.vals.servers': [] })).toThrow('there is no place for spec.vals.servers');
    const fields = ['spec.values.servers.0.tools', 'spec.values.servers.1.tools', 'spec.vals.x', 'kind.x'];
    expect(missingPlaces(release, fields)).toEqual(['spec.values.servers.1.tools', 'spec.vals.x', 'kind.x']);
  });

  test('should read back whatever was set', () => {
    const value = fc.jsonValue().filter((json) => !JSON.stringify(json).includes('-0'));
    fc.assert(
      fc.property(value, (json) => {
        const edited = editYaml(stringify({ a: { b: 1 }, c: 2 }), { 'a.b': json });
        expect(parse(edited)).toEqual({ a: { b: json }, c: 2 });
      }),
    );
  });
});

test.describe('A desired state', { tag: '@static' }, () => {
  test('should get the values that it has placeholders for, and keep the variables that are Flux’s', ({}, testInfo) => {
    const folder = testInfo.outputPath('tree');
    mkdirSync(join(folder, 'apps'), { recursive: true });
    writeFileSync(join(folder, 'apps/gateway.yaml'), 'tag: ${images.gateway.tag}\ncluster: ${CLUSTER}\n');
    writeFileSync(join(folder, 'notes.txt'), '${images.gateway.tag}');
    fillPlaceholders(folder, new Map([['images.gateway.tag', '1.1.0']]));
    expect(readFileSync(join(folder, 'apps/gateway.yaml'), 'utf8')).toBe('tag: 1.1.0\ncluster: ${CLUSTER}\n');
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('${images.gateway.tag}');
  });
});
