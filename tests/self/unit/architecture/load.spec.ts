import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { loadArchitecture } from '../../../../helpers/architecture/load.ts';
import { jsonSchema } from '../../../../helpers/config/json-schema.ts';

const bundled = join(import.meta.dirname, '../../../../fixtures/targets/contextforge/architecture.yaml');

const mistakes: { name: string; from: string | RegExp; to: string; says: RegExp }[] = [
  {
    name: 'a misspelt aspect',
    from: 'rollout:',
    to: 'rolout:',
    says: /"rolout" is not a field[\s\S]*architecture\.yaml:\d+ defaults\.rolout[\s\S]*did you mean "rollout"/,
  },
  {
    name: 'an aspect about which nothing is said',
    from: /^ {2}rollout:.*\n/m,
    to: '',
    says: /"gateway" says nothing about "rollout"[\s\S]*architecture\.yaml:\d+ components\[0\][\s\S]*notApplicable/,
  },
  {
    name: 'a reason that is none',
    from: /notApplicable: No document.*$/m,
    to: 'notApplicable: no',
    says: /components\[1\]\.autoscaling\.notApplicable[\s\S]*at least 20 characters/,
  },
  {
    name: 'a component without a workload',
    from: /^ {4}workload: Deployment\/gateway\n/m,
    to: '',
    says: /"gateway" names no workload[\s\S]*"workload:"[\s\S]*"selector:"/,
  },
  {
    name: 'two components of one name',
    from: 'name: tool server',
    to: 'name: gateway',
    says: /"gateway" is declared twice/,
  },
  {
    name: 'a store that nobody uses',
    from: 'usedBy: gateway',
    to: 'usedBy: gatway',
    says: /no component "gatway"[\s\S]*stores\[0\]\.usedBy[\s\S]*did you mean "gateway"/,
  },
  {
    name: 'a source without a date',
    from: /^ {4}seen: .*\n/m,
    to: '',
    says: /"seen" is missing[\s\S]*source\[0\]\.seen/,
  },
  {
    name: 'a kind of workload that there is not',
    from: 'Deployment/gateway',
    to: 'Deploymnt/gateway',
    says: /must be KIND\/NAME/,
  },
];

test.describe('architecture.yaml', { tag: '@static' }, () => {
  let folder: string;

  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
  });

  test.afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('should give every component what the defaults say, unless it says something else', () => {
    const { components } = loadArchitecture(bundled);
    expect(components.map(({ name, rollout, probes }) => ({ name, rollout, probes }))).toMatchObject([
      { name: 'gateway', rollout: { maxUnavailable: 0, maxSurge: 1 }, probes: { readiness: '/ready', startup: true } },
      { name: 'tool server', rollout: { maxUnavailable: 0, maxSurge: 1 } },
    ]);
  });

  test('should have a JSON Schema that accepts the bundled declarations, for editors', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse(jsonSchema('architecture')) as object,
    );
    for (const target of ['contextforge', 'arcade'])
      expect(validate(parse(readFileSync(join(bundled, '../..', target, 'architecture.yaml'), 'utf8')))).toBe(true);
    expect(validate({ kind: 'Architecture' })).toBe(false);
  });

  for (const { name, from, to, says } of mistakes) {
    test(`should refuse ${name}, with the place and the fix`, () => {
      const text = readFileSync(bundled, 'utf8');
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      const file = join(folder, 'architecture.yaml');
      writeFileSync(file, changed);
      expect(() => loadArchitecture(file)).toThrow(says);
    });
  }
});
