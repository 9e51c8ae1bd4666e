import { expect, test } from '@playwright/test';
import { stagesOf, statusOf } from '../../../../helpers/gitops/flux-status.ts';
import type { FluxObject, FluxSnapshot } from '../../../../helpers/gitops/flux-status.ts';

const OLD = 'a0aaba508129c84f39a0ca65eef10d08259a94a9';
const COMMIT = 'ddddf7b64c3403dd0ac07a4e90ed7e21bbcac9ab';

type Status = NonNullable<FluxObject['status']>;

function object(name: string, status: Status = {}, generation = 1): FluxObject {
  return { metadata: { name, generation }, spec: {}, status: { observedGeneration: generation, ...status } };
}

function ready(status: 'True' | 'False' | 'Unknown', reason: string, message = '', observedGeneration = 1): Status {
  return { conditions: [{ type: 'Ready', status, reason, message, observedGeneration }] };
}

const succeeded = ready('True', 'UpgradeSucceeded');

/** As everything stands once the commit is deployed. */
function deployed(change: Partial<FluxSnapshot> = {}): FluxSnapshot {
  return {
    source: object('desired-state', { ...succeeded, artifact: { revision: `seatrial/x@sha1:${COMMIT}` } }),
    kustomization: object('desired-state', {
      ...succeeded,
      lastAppliedRevision: `seatrial/x@sha1:${COMMIT}`,
      lastAttemptedRevision: `seatrial/x@sha1:${COMMIT}`,
    }),
    charts: [object('x-gateway', succeeded)],
    releases: [object('gateway', succeeded)],
    ...change,
  };
}

test.describe('The way of a commit through Flux', { tag: '@static' }, () => {
  test('should be at its end when source, kustomization and releases are there', () => {
    expect(stagesOf(deployed(), COMMIT)).toEqual({
      fetched: true,
      applied: true,
      released: ['gateway'],
      pending: [],
      refusals: [],
    });
  });

  test('should not have begun while the source has an earlier commit, however ready everything is', () => {
    const source = object('desired-state', { ...succeeded, artifact: { revision: `seatrial/x@sha1:${OLD}` } });
    expect(stagesOf(deployed({ source }), COMMIT)).toMatchObject({ fetched: false, applied: false, released: [] });
    expect(stagesOf(deployed({ source: undefined, kustomization: undefined }), COMMIT).fetched).toBe(false);
  });

  test('should not count a release whose status speaks of an earlier specification', () => {
    const release = { ...object('gateway', succeeded, 2), status: { ...succeeded, observedGeneration: 1 } };
    expect(stagesOf(deployed({ releases: [release] }), COMMIT)).toMatchObject({ released: [], pending: ['gateway'] });
  });

  test('should wait for the chart of the commit where each commit is a chart version of its own', () => {
    const release = (revision: string): FluxObject => ({
      ...object('gateway', { ...succeeded, lastAttemptedRevision: `1.0.0+${revision.slice(0, 12)}` }),
      spec: { chart: { spec: { reconcileStrategy: 'Revision' } } },
    });
    expect(stagesOf(deployed({ releases: [release(OLD)] }), COMMIT).pending).toEqual(['gateway']);
    expect(stagesOf(deployed({ releases: [release(COMMIT)] }), COMMIT).released).toEqual(['gateway']);
  });

  test('should take no dependency that is not ready for a refusal', () => {
    for (const reason of ['DependencyNotReady', 'SourceNotReady', 'Progressing', 'ProgressingWithRetry']) {
      const releases = [object('gateway', ready('False', reason))];
      expect(stagesOf(deployed({ releases }), COMMIT)).toMatchObject({ pending: ['gateway'], refusals: [] });
    }
  });

  test('should be refused with the reason of the release, for good only when Flux has given up', () => {
    const failed = ready('False', 'UpgradeFailed', 'got string, want integer');
    const [trying] = stagesOf(deployed({ releases: [object('gateway', failed)] }), COMMIT).refusals;
    expect(trying).toMatchObject({
      object: 'HelmRelease/gateway',
      reason: 'UpgradeFailed',
      message: 'got string, want integer',
      final: false,
    });
    const stalled = { conditions: [...(failed.conditions ?? []), { type: 'Stalled', status: 'True' }] };
    expect(stagesOf(deployed({ releases: [object('gateway', stalled)] }), COMMIT).refusals[0]?.final).toBe(true);
  });

  test('should not be refused by what was said about an earlier commit', () => {
    const releases = [object('gateway', ready('False', 'UpgradeFailed', 'an old story', 1), 2)];
    expect(stagesOf(deployed({ releases }), COMMIT).refusals).toEqual([]);
    const kustomization = object('desired-state', {
      ...ready('False', 'BuildFailed'),
      lastAttemptedRevision: `seatrial/x@sha1:${OLD}`,
    });
    expect(stagesOf(deployed({ kustomization }), COMMIT).refusals).toEqual([]);
  });

  test('should be refused for good by a folder that cannot be built', () => {
    const kustomization = object('desired-state', {
      ...ready('False', 'BuildFailed', 'kustomize build failed'),
      lastAppliedRevision: `seatrial/x@sha1:${OLD}`,
      lastAttemptedRevision: `seatrial/x@sha1:${COMMIT}`,
    });
    expect(stagesOf(deployed({ kustomization }), COMMIT).refusals).toMatchObject([
      { object: 'Kustomization/desired-state', final: true },
    ]);
  });
});

test.describe('The status of Flux', { tag: '@static' }, () => {
  test('should name every object, what it says, and whether it is suspended', () => {
    const kustomization = { ...object('desired-state', succeeded), spec: { suspend: true } };
    const source = object('desired-state', ready('False', 'GitOperationFailed', 'connection refused'));
    expect(statusOf(deployed({ source, kustomization, releases: [object('gateway')] }))).toEqual([
      status('GitRepository/desired-state', {
        ready: false,
        reason: 'GitOperationFailed',
        message: 'connection refused',
      }),
      status('Kustomization/desired-state', { suspended: true }),
      status('HelmChart/x-gateway', {}),
      status('HelmRelease/gateway', { ready: false, reason: 'no status yet' }),
    ]);
  });
});

function status(name: string, change: object) {
  return { object: name, ready: true, reason: 'UpgradeSucceeded', message: '', suspended: false, ...change };
}
