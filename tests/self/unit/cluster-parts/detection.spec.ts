import { expect, test } from '@playwright/test';
import { gatewaysAmong } from '../../../../helpers/cluster/istio.ts';
import { givesAddresses } from '../../../../helpers/cluster/load-balancer.ts';
import { isOnEveryNode, isRolledOut } from '../../../../helpers/cluster/workloads.ts';
import type { DaemonSet, Deployment, Service } from '../../../../helpers/kubernetes/resources.ts';

const balanced = (ingress: object[]): Service => ({
  spec: { type: 'LoadBalancer' },
  status: { loadBalancer: { ingress } },
});

const nothing = { services: [], nodes: [], groups: ['apps', 'networking.k8s.io'] };

test.describe('Parts of a cluster that somebody else has made', { tag: '@static' }, () => {
  test('should take addresses of Services, MetalLB or a cloud for a load balancer, and nothing else', () => {
    expect(givesAddresses(nothing)).toBe(false);
    expect(givesAddresses({ ...nothing, services: [balanced([])] })).toBe(false);
    expect(givesAddresses({ ...nothing, services: [balanced([{ ip: '192.0.2.7' }])] })).toBe(true);
    expect(givesAddresses({ ...nothing, groups: ['metallb.io'] })).toBe(true);
    const node = (providerID: string) => ({ spec: { providerID } });
    expect(givesAddresses({ ...nothing, nodes: [node('aws:///eu-west-1a/i-0abc')] })).toBe(true);
    expect(givesAddresses({ ...nothing, nodes: [node('kind://docker/seatrial/seatrial-worker'), {}] })).toBe(false);
  });

  test('should know a gateway of Istio by its status port, and what selects it', () => {
    const service = (name: string, port: number, selector?: Record<string, string>): Service =>
      ({ metadata: { name, namespace: 'edge' }, spec: { ports: [{ port }], selector } }) as Service;
    const found = gatewaysAmong([
      service('web', 80, { app: 'web' }),
      service('outer', 15_021, { istio: 'outer' }),
      service('foreign', 15_021),
      service('inner', 15_021, { istio: 'inner' }),
    ]);
    expect(found).toEqual([
      { namespace: 'edge', service: 'inner', selector: { istio: 'inner' } },
      { namespace: 'edge', service: 'outer', selector: { istio: 'outer' } },
    ]);
  });

  test('should take a Deployment for ready only when the newest generation is, and nothing older runs', () => {
    const ready = {
      metadata: { generation: 3 },
      spec: { replicas: 2 },
      status: { observedGeneration: 3, updatedReplicas: 2, readyReplicas: 2, replicas: 2 },
    } as Deployment;
    expect(isRolledOut(ready)).toBe(true);
    const spoiled = [{ observedGeneration: 2 }, { updatedReplicas: 1 }, { readyReplicas: 1 }, { replicas: 3 }];
    for (const status of spoiled) expect(isRolledOut({ ...ready, status: { ...ready.status, ...status } })).toBe(false);
    expect(isRolledOut({ metadata: { generation: 1 } })).toBe(false);
  });

  test('should take a DaemonSet without a node for not ready', () => {
    const status = { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 2 };
    const daemon = { metadata: { generation: 1 }, status } as DaemonSet;
    expect(isOnEveryNode(daemon)).toBe(true);
    expect(isOnEveryNode({ ...daemon, status: { ...status, numberReady: 1 } } as DaemonSet)).toBe(false);
    expect(isOnEveryNode({ ...daemon, status: { ...status, desiredNumberScheduled: 0 } } as DaemonSet)).toBe(false);
  });
});
