import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { jsonSchema } from '../../../../helpers/config/json-schema.ts';
import { loadTarget } from '../../../../helpers/target/load.ts';
import { resolveSet } from '../../../../helpers/target/placeholders.ts';

const targets = join(import.meta.dirname, '../../../../fixtures/targets');
const bundled = join(targets, 'contextforge');

let folder: string;

/** The bundled target with one change in its text. */
function broken(change: (text: string) => string): string {
  const file = join(folder, 'target.yaml');
  const text = readFileSync(file, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
  return file;
}

const mistakes: { name: string; change: (text: string) => string; says: RegExp }[] = [
  {
    name: 'a misspelt key',
    change: (text) => text.replace('releases:', 'relaeses:'),
    says: /target\.yaml:\d+ relaeses[\s\S]*releases/,
  },
  {
    name: 'a chart that is not there',
    change: (text) => text.replace(/path: \.?\/?charts\/gateway/, 'path: charts/gatewya'),
    says: /charts\/gatewya[\s\S]*target\.yaml:\d+ releases\[\d\]\.chart\.path[\s\S]*fix:/,
  },
  {
    name: 'a version range',
    change: (text) => text.replace(/path: \.?\/?charts\/gateway/, 'oci: https://example.com/chart, version: 1.0.0'),
    says: /target\.yaml:\d+ releases\[\d\]\.chart/,
  },
  {
    name: 'another kind',
    change: (text) => text.replace('kind: McpGateway', 'kind: Gateway'),
    says: /target\.yaml:\d+ kind[\s\S]*McpGateway/,
  },
  {
    name: 'an unknown placeholder',
    change: (text) => text.replace(/\$\{images\.[a-z-]+\.tag\}/, '${images.nothing.tag}'),
    says: /images\.nothing\.tag[\s\S]*target\.yaml:\d+ releases/,
  },
  { name: 'text that is no YAML', change: (text) => `${text}\n  : : [`, says: /target\.yaml:\d+/ },
];

test.describe('target.yaml', { tag: '@static' }, () => {
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
    cpSync(bundled, folder, { recursive: true });
  });

  test.afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const name of ['contextforge', 'magg']) {
    test(`should accept the bundled target ${name}`, () => {
      const target = loadTarget(join(targets, name));
      expect(target.name).toBe(name);
      expect(target.folder).toBe(join(targets, name));
    });
  }

  for (const { name, change, says } of mistakes) {
    test(`should refuse ${name}, with the place and the fix`, () => {
      const file = broken(change);
      expect(() => loadTarget(file)).toThrow(says);
    });
  }

  test('should name all mistakes at once', () => {
    const file = broken((text) =>
      text.replace('kind: McpGateway', 'kind: Gateway').replace('description:', 'descripton:'),
    );
    expect(() => loadTarget(file)).toThrow(/kind[\s\S]*descripton|descripton[\s\S]*kind/);
  });

  test('should fill in what is only known once images are pushed', () => {
    const release = {
      name: 'gateway',
      set: { 'image.tag': '${images.gateway.tag}', namespace: '${namespace}', replicas: 2 },
    };
    const images = { gateway: { repository: 'registry/gateway', tag: '1.1.0' } };
    expect(resolveSet(release, { images, namespace: 'n' })).toEqual({
      'image.tag': '1.1.0',
      namespace: 'n',
      replicas: 2,
    });
  });

  test('should have a published JSON Schema that is current and accepts the bundled target', () => {
    const published = readFileSync(join(targets, 'target.schema.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(jsonSchema('target')));
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(published) as object);
    expect(validate(parse(readFileSync(join(bundled, 'target.yaml'), 'utf8')))).toBe(true);
    expect(validate({ kind: 'McpGateway' })).toBe(false);
  });
});
