import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { UserError } from '../../../../helpers/errors.ts';
import type { Mistake } from '../../../../helpers/errors.ts';
import { changeExperiments } from '../../../../helpers/experiments/changes/catalogue.ts';
import { changeExperiment } from '../../../../helpers/experiments/changes/experiment.ts';
import { releasesWith } from '../../../../helpers/experiments/changes/overrides.ts';
import { loadTarget } from '../../../../helpers/target/load.ts';
import type { Target } from '../../../../helpers/target/schema.ts';
import { everyChange } from '../../../../helpers/verdict/changes.ts';

/** A target that declares no changes yet. */
const target = `apiVersion: seatrial.dev/v1
kind: McpGateway
name: gateway
description: A gateway
kubernetesVersions: ["1.36"]
secrets:
  - name: signing
    keys: { key: { random: 32 } }
releases:
  - name: gateway
    chart: { path: chart }
    values: [values.yaml]
    set: { image.tag: one }
mcp:
  endpoint: { service: gateway, port: http, path: /mcp }
  auth: { none: true }
  toolCall: { tool: echo, expect: hello }
`;

interface Case {
  name: string;
  declares: string;
  what: string | RegExp;
  where: string;
  fix: string | RegExp;
}

const cases: Case[] = [
  {
    name: 'a gateway that nobody has an adapter for',
    declares: 'gateway: contextfroge',
    what: /^"gateway" must be /,
    where: '18 gateway',
    fix: 'did you mean "contextforge"?',
  },
  {
    name: 'a change of a release that there is not',
    declares: 'changes: { tool: spare, add-tool: { release: gatewya, to: {} } }',
    what: 'There is no release "gatewya"',
    where: '18 changes.add-tool.release',
    fix: 'did you mean "gateway"?',
  },
  {
    name: 'an invalid change of a release that there is not',
    declares: 'changes: { tool: spare, invalid: [{ what: nonsense, release: other, to: {} }] }',
    what: 'There is no release "other"',
    where: '18 changes.invalid[0].release',
    fix: 'use one of gateway',
  },
  {
    name: 'a values file that is not there',
    declares: 'changes: { tool: spare, rate-limit: { release: gateway, to: { values: [limit.yaml] } } }',
    what: '"limit.yaml" does not exist',
    where: '18 changes.rate-limit.to.values[0]',
    fix: /correct the path$/,
  },
  {
    name: 'a values file to begin with that leads out of the folder',
    declares: 'changes: { tool: spare, rate-limit: { release: gateway, from: { values: [/etc/passwd] }, to: {} } }',
    what: '"/etc/passwd" is an absolute path',
    where: '18 changes.rate-limit.from.values[0]',
    fix: /./,
  },
  {
    name: 'a placeholder that there is not',
    declares:
      "changes: { tool: spare, image-upgrade: { release: gateway, to: { set: { tag: '${images.next.tag}' } } } }",
    what: /^\$\{images\.next\.tag\} is not a known placeholder/,
    where: '18 changes.image-upgrade.to.set.tag',
    fix: /./,
  },
  {
    name: 'a change through the administration of nobody knows what',
    declares: 'changes: { tool: spare, tool-state: api }',
    what: 'Nothing says which gateway this is, so nobody knows its administration',
    where: '18 changes.tool-state',
    fix: 'add "gateway:"',
  },
  {
    name: 'a change that the administration is not known to offer',
    declares: 'gateway: contextforge\nchanges: { tool: spare, rate-limit: api }',
    what: 'The administration of contextforge is not known to offer "rate-limit"',
    where: '19 changes.rate-limit',
    fix: /^declare the Helm values/,
  },
  {
    name: 'a Secret to rotate that is not declared',
    declares: 'changes: { tool: spare, secret-rotation: { secret: singing, key: key, restart: Deployment/gateway } }',
    what: 'There is no Secret "singing"',
    where: '18 changes.secret-rotation.secret',
    fix: 'did you mean "signing"?',
  },
  {
    name: 'a key to rotate that the Secret does not have',
    declares: 'changes: { tool: spare, secret-rotation: { secret: signing, key: kye, restart: Deployment/gateway } }',
    what: 'There is no key "kye"',
    where: '18 changes.secret-rotation.key',
    fix: 'did you mean "key"?',
  },
  {
    name: 'something to restart that is no workload',
    declares: 'changes: { tool: spare, secret-rotation: { secret: signing, key: key, restart: gateway } }',
    what: /must be Deployment\/NAME or StatefulSet\/NAME/,
    where: '18 changes.secret-rotation.restart',
    fix: /./,
  },
];

let folder: string;

function mistakesOf(declares: string): readonly Mistake[] {
  writeFileSync(join(folder, 'target.yaml'), `${target}${declares}\n`);
  try {
    loadTarget(folder);
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.mistakes;
    throw thrown;
  }
  return [];
}

test.describe('changes in target.yaml', { tag: '@static' }, () => {
  test.beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'seatrial-test-')));
    mkdirSync(join(folder, 'chart'));
    for (const name of ['chart/Chart.yaml', 'values.yaml', 'more.yaml']) writeFileSync(join(folder, name), '');
  });

  test.afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { name, declares, what, where, fix } of cases) {
    test(`should tell ${name}, where it stands and what to write`, () => {
      const matching = (expected: string | RegExp): unknown =>
        typeof expected === 'string' ? expected : expect.stringMatching(expected);
      expect(mistakesOf(declares)).toEqual([
        { what: matching(what), where: `${join(folder, 'target.yaml')}:${where}`, fix: matching(fix) },
      ]);
    });
  }

  test('should put overrides on top of what a release is declared with, the latter kept', () => {
    expect(mistakesOf('')).toEqual([]);
    const overrides = { values: ['more.yaml'], set: { 'image.tag': 'two', replicas: 3 } };
    expect(releasesWith(loadTarget(folder), [{ release: 'gateway', overrides }])).toMatchObject([
      { values: ['values.yaml', 'more.yaml'], set: { 'image.tag': 'two', replicas: 3 } },
    ]);
    expect(releasesWith(loadTarget(folder), [{ release: 'other', overrides }])).toMatchObject([
      { values: ['values.yaml'], set: { 'image.tag': 'one' } },
    ]);
  });
});

test.describe('experiments with changes', { tag: '@static' }, () => {
  test('should be one for each change that checks know of', () => {
    expect(changeExperiments.map(({ id }) => id).toSorted()).toEqual(everyChange.toSorted());
  });

  for (const definition of changeExperiments) {
    test(`should say what ${definition.id} lacks in a target that declares no changes`, () => {
      const experiment = changeExperiment(definition);
      const bare = { file: 'target.yaml' } as Target;
      expect(experiment.lacks?.(bare)).toMatchObject({
        what: `The target does not declare what ${definition.id} needs`,
        where: expect.stringMatching(/^target\.yaml changes\.\S/),
      });
      const empty = { ...bare, changes: { tool: 'spare', invalid: [] } };
      expect(experiment.lacks?.(empty)).toBeDefined();
    });
  }

  test('should lack nothing in the bundled target', () => {
    const bundled = loadTarget(join(import.meta.dirname, '../../../../fixtures/targets/contextforge'));
    expect(changeExperiments.flatMap((definition) => changeExperiment(definition).lacks?.(bundled) ?? [])).toEqual([]);
  });
});
