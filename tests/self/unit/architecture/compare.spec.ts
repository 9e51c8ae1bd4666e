import { expect, test } from '@playwright/test';
import { compareArchitecture } from '../../../../helpers/architecture/compare.ts';
import { renderArchitectureDiff } from '../../../../helpers/architecture/diff.ts';
import type { Row } from '../../../../helpers/architecture/compare.ts';
import { History } from '../../../../helpers/history/history.ts';
import { defects } from './defects.ts';
import { architectureHistory, production, recording } from './production.ts';

test.describe('comparison of a declared architecture with what runs', { tag: '@static' }, () => {
  test('should find nothing that differs in production', () => {
    const { declared, live } = production();
    const rows = compareArchitecture(declared, live);
    expect(rows.filter(({ state }) => state === 'differs' || state === 'unknown')).toEqual([]);
    expect(rows.filter(({ state }) => state === 'ok').length).toBeGreaterThan(40);
  });

  test('should tell what the bundled deployment lacks, as it was recorded', () => {
    const { declared, live } = recording();
    expect(red(compareArchitecture(declared, live))).toEqual([
      'components gateway-postgres differs',
      'stores-external database differs',
      'stores-tls database differs',
      'network-policy-enforced cluster unknown',
      'autoscaling gateway unknown',
    ]);
  });

  for (const { name, aspect, damage, state, where, found } of defects) {
    test(`should tell of ${name}, and of nothing else`, () => {
      const { declared, live } = production();
      damage(live, declared);
      const rows = compareArchitecture(declared, live).filter((row) => row.state === 'differs');
      const told = compareArchitecture(declared, live).filter((row) => row.aspect === aspect && row.state === state);
      expect(told).toContainEqual(expect.objectContaining({ where, found: expect.stringMatching(found) }));
      expect([...new Set(rows.map((row) => row.aspect))]).toEqual(state === 'differs' ? [aspect] : []);
    });
  }

  test('should leave open what cannot be looked at because its component does not run', () => {
    const { declared, live } = production();
    const rows = compareArchitecture(declared, { ...live, workloads: [] });
    expect(rows.filter(({ aspect }) => aspect === 'replicas').map(({ state }) => state)).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  test('should find a component by its labels as well', () => {
    const { declared, live } = production();
    for (const component of declared.components) {
      delete component.workload;
      component.selector = { 'app.kubernetes.io/name': component.name === 'gateway' ? 'gateway' : 'custom-server' };
    }
    expect(red(compareArchitecture(declared, live))).toEqual([]);
  });

  test('should accept anti-affinity, digests and a handshake in place of what production has', () => {
    const { declared, live } = production();
    for (const workload of live.workloads) {
      delete workload.template.spec.topologySpreadConstraints;
      const term = {
        topologyKey: 'kubernetes.io/hostname',
        labelSelector: { matchLabels: workload.selector },
      };
      workload.template.spec.affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
      for (const container of workload.template.spec.containers) container.image = `x@sha256:${'0'.repeat(64)}`;
    }
    declared.images = { pinnedBy: 'digest' };
    live.ingresses = [];
    const handshake = { protocol: 'TLSv1.3', trusted: true, validTo: 'Nov 20 2027' };
    live.entry = { url: 'https://gateway.example.com/mcp', handshake };
    expect(red(compareArchitecture(declared, live))).toEqual([]);
  });

  test('should accept a database of another namespace, whatever its name', () => {
    const { declared, live } = production();
    for (const store of live.stores) store.host = 'gateway-postgres.databases.svc.cluster.local';
    expect(red(compareArchitecture(declared, live))).toEqual([]);
  });

  test('should repeat the written reason of what does not apply', () => {
    const { declared, live } = production();
    const notApplicable = 'The vendor terminates TLS in a load balancer of its own';
    const rows = compareArchitecture({ ...declared, entry: { notApplicable } }, { ...live, ingresses: [] });
    expect(rows.find(({ aspect }) => aspect === 'entry-tls')).toMatchObject({ state: 'waived', found: notApplicable });
  });

  test('should be a table for people, what differs first', () => {
    const diff = renderArchitectureDiff(architectureHistory(recording())) ?? '';
    expect(diff).toContain('https://ibm.github.io/mcp-context-forge/manage/scale/');
    expect(diff).toMatch(/\| stores-tls \| TLS or no connection \| sslmode=prefer \| \*\*differs\*\* \| gateway env/);
    const [, gateway = ''] = diff.split('\n## gateway\n');
    expect(gateway.split('\n')[3]).toContain('cannot be told here');
    expect(renderArchitectureDiff(new History([]))).toBeUndefined();
  });
});

function red(rows: readonly Row[]): string[] {
  return rows
    .filter(({ state }) => state === 'differs' || state === 'unknown')
    .map(({ aspect, subject, state }) => `${aspect} ${subject} ${state}`);
}
