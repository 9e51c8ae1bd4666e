import { expect, test } from '@playwright/test';
import { troublesOf } from '../../../../helpers/kubernetes/pods.ts';
import type { Pod } from '../../../../helpers/kubernetes/resources.ts';

type ContainerState = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number]['state'];

function podWith(state: ContainerState): Pod {
  const status = { name: 'app', image: 'registry.example.com/app:1', imageID: '', ready: false, restartCount: 0 };
  return {
    metadata: { name: 'p' },
    status: { containerStatuses: [{ ...status, ...(state === undefined ? {} : { state }) }] },
  };
}

test.describe('Why a pod does not run', { tag: '@static' }, () => {
  const cases: { title: string; state: ContainerState; certain: boolean; says: string }[] = [
    {
      title: 'an image that the registry does not have is certain',
      state: { waiting: { reason: 'ErrImagePull', message: 'rpc error: registry.example.com/app:1: not found' } },
      certain: true,
      says: 'image registry.example.com/app:1 cannot be pulled',
    },
    {
      title: 'a registry that refuses is certain',
      state: {
        waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image: ErrImagePull: 401 Unauthorized' },
      },
      certain: true,
      says: '401 Unauthorized',
    },
    {
      title: 'a registry that does not answer may come back',
      state: { waiting: { reason: 'ErrImagePull', message: 'dial tcp: i/o timeout' } },
      certain: false,
      says: 'i/o timeout',
    },
    {
      title: 'a missing Secret is certain',
      state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "db" not found' } },
      certain: true,
      says: 'secret "db" not found',
    },
    {
      title: 'a ConfigMap of which the kubelet has not yet been told may come',
      state: {
        waiting: {
          reason: 'CreateContainerConfigError',
          message: 'failed to sync configmap cache: timed out waiting for the condition',
        },
      },
      certain: false,
      says: 'failed to sync configmap cache',
    },
    {
      title: 'an image name that is none is certain',
      state: { waiting: { reason: 'InvalidImageName', message: 'invalid reference format' } },
      certain: true,
      says: 'InvalidImageName',
    },
    {
      title: 'a crash may be over at the next start',
      state: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      certain: false,
      says: 'exit code 137 (OOMKilled)',
    },
  ];
  for (const { title, state, certain, says } of cases) {
    test(`should know that ${title}`, () => {
      const [trouble] = troublesOf(podWith(state));
      expect(trouble?.certain).toBe(certain);
      expect(trouble?.message).toContain(says);
      expect(trouble?.message).toContain('Pod/p, container app');
    });
  }

  test('should find no trouble in a pod that starts, runs or has succeeded', () => {
    expect(troublesOf(podWith({ waiting: { reason: 'ContainerCreating' } }))).toEqual([]);
    expect(troublesOf(podWith({ running: { startedAt: '2026-01-01T00:00:00Z' } }))).toEqual([]);
    expect(troublesOf(podWith({ terminated: { exitCode: 0 } }))).toEqual([]);
  });

  test('should say why the scheduler finds no node', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', message: '0/2 nodes are available: insufficient memory' },
    ];
    expect(troublesOf({ metadata: { name: 'p' }, status: { conditions } })[0]?.message).toContain(
      'insufficient memory',
    );
  });
});
