import { expect, test } from '@playwright/test';
import { argoObjects } from '../../../../helpers/cluster/embedded/argo-rollouts.ts';
import { controlPlaneValues, gatewayValues } from '../../../../helpers/cluster/embedded/istio.ts';
import { metallbObjects } from '../../../../helpers/cluster/embedded/metallb.ts';
import { split, withImages } from '../../../../helpers/cluster/embedded/upstream.ts';
import type { KubeObject } from '../../../../helpers/kubernetes/resources.ts';

const workload = (kind: string, container: object) =>
  ({ kind, spec: { template: { spec: { containers: [container] } } } }) as KubeObject;

const repository = 'quay.io/metallb/controller';
const image = `${repository}:v0.15.2`;

test.describe('What upstream publishes, on the embedded cluster', { tag: '@static' }, () => {
  test('should get the cluster’s own image, and be asked at once whether it is ready', () => {
    const given = workload('Deployment', {
      image,
      readinessProbe: { initialDelaySeconds: 10, periodSeconds: 10, path: '/x' },
    });
    expect(withImages([given, { kind: 'Namespace' }], { [repository]: 'own:1' })).toEqual([
      workload('Deployment', {
        image: 'own:1',
        readinessProbe: { initialDelaySeconds: 0, periodSeconds: 1, path: '/x' },
      }),
      { kind: 'Namespace' },
    ]);
    expect(given).toEqual(workload('Deployment', expect.objectContaining({ image })));
  });

  test('should not be used with an image that the cluster cannot pull', () => {
    const foreign = workload('DaemonSet', { image: 'registry.example:5000/other' });
    expect(() => withImages([foreign], { [repository]: 'own:1' })).toThrow(
      'registry.example:5000/other has no image of ours',
    );
  });

  test('should keep all objects in their order, in two groups', () => {
    const objects = ['A', 'B', 'A'].map((kind, index) => ({ kind, metadata: { name: String(index) } }));
    const [first = [], rest = []] = split(objects, ({ kind }) => kind === 'A');
    expect([first, rest].map((group) => group.map(({ metadata }) => metadata?.name))).toEqual([['0', '2'], ['1']]);
  });

  test('should be MetalLB without its webhooks, told so once however often it is made', () => {
    const objects = [workload('Deployment', { image, args: ['--port=1'] }), { kind: 'ValidatingWebhookConfiguration' }];
    const made = () => metallbObjects(objects, { [repository]: 'own:1' });
    made();
    expect(made()).toEqual([workload('Deployment', { image: 'own:1', args: ['--port=1', '--webhook-mode=disabled'] })]);
  });

  test('should be Argo Rollouts in its own namespace, but for what belongs to the cluster', () => {
    const controller = 'quay.io/argoproj/argo-rollouts';
    const objects = [
      { kind: 'ClusterRole', metadata: { name: 'argo-rollouts' } },
      { ...workload('Deployment', { image: `${controller}:v1.10.2` }), metadata: { name: 'argo-rollouts' } },
    ];
    expect(argoObjects(objects, { [controller]: 'own:1' })).toEqual([
      objects[0],
      {
        ...workload('Deployment', { image: 'own:1' }),
        metadata: { name: 'argo-rollouts', namespace: 'argo-rollouts' },
      },
    ]);
  });

  test('should be Istio that asks nothing of Envoy which only its own build of it has', () => {
    expect(controlPlaneValues({ pilot: 'pilot:1', proxy: 'proxy:1' })).toMatchObject({
      image: 'pilot:1',
      env: { PILOT_ENABLE_METADATA_EXCHANGE: 'false', PILOT_ENABLE_ALPN_FILTER: 'false' },
      telemetry: { enabled: false },
      global: { proxy: { image: 'proxy:1' }, proxy_init: { image: 'proxy:1' } },
    });
    expect([1, 2, 9].map((nodes) => gatewayValues(nodes).replicaCount)).toEqual([1, 2, 2]);
  });
});
