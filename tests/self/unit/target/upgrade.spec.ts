import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { previousReleases, rollbackOrder } from '../../../../helpers/experiments/upgrade/previous.ts';
import { whatLacks } from '../../../../helpers/experiments/upgrade/path.ts';
import { loadTarget } from '../../../../helpers/target/load.ts';

const valid = `apiVersion: seatrial.dev/v1
kind: McpGateway
name: sample
description: A gateway and its server
kubernetesVersions: ["1.36"]
releases:
  - { name: server, chart: { path: charts/server } }
  - { name: gateway, chart: { path: charts/gateway }, values: [now.yaml], set: { replicas: 2 } }
mcp:
  endpoint: { service: gateway, port: http, path: /mcp }
  auth: { none: true }
  toolCall: { tool: echo, expect: hello }
upgrade:
  previous:
    releases:
      - { name: gateway, chart: { path: before/gateway }, values: [before.yaml] }
  rollbackOrder: [server, gateway]
  failures:
    bad-image: { release: gateway, set: { image.tag: none } }
`;

const files: Record<string, string> = {
  'charts/server/Chart.yaml': 'apiVersion: v2\nname: server\nversion: 1.0.0\n',
  'charts/gateway/Chart.yaml': 'apiVersion: v2\nname: gateway\nversion: 1.1.0\n',
  'before/gateway/Chart.yaml': 'apiVersion: v2\nname: gateway\nversion: 1.0.0\n',
  'now.yaml': '{}\n',
  'before.yaml': '{}\n',
};

const mistakes: { name: string; from: string; to: string; says: RegExp }[] = [
  {
    name: 'a previous chart that is not there',
    from: 'before/gateway',
    to: 'before/gatewya',
    says: /"before\/gatewya" does not exist[\s\S]*upgrade\.previous\.releases\[0\]\.chart\.path/,
  },
  {
    name: 'a previous chart of the same version as now',
    from: 'before/gateway',
    to: 'charts/gateway',
    says: /The previous chart of "gateway" has version 1\.1\.0, which is the present one[\s\S]*upgrade\.previous\.releases\[0\]\.chart/,
  },
  {
    name: 'a previous release that the target does not have',
    from: 'name: gateway, chart: { path: before',
    to: 'name: gatway, chart: { path: before',
    says: /There is no release "gatway"[\s\S]*did you mean "gateway"/,
  },
  {
    name: 'a values file that is not there',
    from: 'before.yaml',
    to: 'befor.yaml',
    says: /"befor\.yaml" does not exist[\s\S]*upgrade\.previous\.releases\[0\]\.values\[0\]/,
  },
  {
    name: 'an order that leaves a release out',
    from: '[server, gateway]',
    to: '[gateway]',
    says: /The order does not say when "server" is rolled back[\s\S]*upgrade\.rollbackOrder/,
  },
  {
    name: 'a failing upgrade that nothing makes fail',
    from: ', set: { image.tag: none }',
    to: '',
    says: /Nothing says what makes this upgrade fail[\s\S]*upgrade\.failures\.bad-image/,
  },
  {
    name: 'a placeholder for an image that nobody builds',
    from: 'image.tag: none',
    to: "image.tag: '${images.gateway.tag}'",
    says: /\$\{images\.gateway\.tag\} is not a known placeholder[\s\S]*upgrade\.failures\.bad-image\.set/,
  },
];

test.describe('What a target declares on upgrades', { tag: '@static' }, () => {
  let folder: string;

  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
    for (const [name, text] of Object.entries({ ...files, 'target.yaml': valid })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  });

  test.afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('should name the version before, release by release, and the way back', () => {
    const target = loadTarget(folder);
    expect(previousReleases(target)).toMatchObject([
      { name: 'server', chart: { path: 'charts/server' } },
      { name: 'gateway', chart: { path: 'before/gateway' }, values: ['before.yaml'], set: { replicas: 2 } },
    ]);
    // The server is the same in both versions, so there is nothing to roll back.
    expect(rollbackOrder(target).map(({ name }) => name)).toEqual(['gateway']);
  });

  test('should be asked for where it says nothing of a version before', () => {
    const { file } = loadTarget(folder);
    expect(whatLacks({ upgrade: undefined, file })).toMatchObject({ where: `${file} upgrade.previous` });
    expect(whatLacks(loadTarget(folder))).toBeUndefined();
  });

  for (const { name, from, to, says } of mistakes) {
    test(`should be refused with ${name}, with place and fix`, () => {
      expect(valid).toContain(from);
      writeFileSync(
        join(folder, 'target.yaml'),
        valid.replace(from, () => to),
      );
      expect(() => loadTarget(folder)).toThrow(says);
    });
  }
});
