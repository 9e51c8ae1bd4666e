import { HttpMethod } from '@kubernetes/client-node';
import { kinds } from '../kubernetes/resources.ts';
import { CannotInject, type Inject } from './types.ts';
import { nameIn, onePodOf, podsOf, workloadOf } from './workload.ts';

/** A pod of the gateway goes without warning: no preStop, no drain, as when its process is killed. */
export const gatewayReplicaLost: Inject = async ({ kube, target, history }) => {
  const gateway = await workloadOf({ kube, target }, 'gateway');
  const replicas = (await podsOf(kube, gateway)).length;
  if (replicas === 0) throw new CannotInject(`${gateway.name} has no pod`);
  const pod = nameIn(await onePodOf(kube, gateway));
  history.write('delete without grace', `Pod/${pod}`, kube.namespace);
  await kube.request(kube.path(kinds.pod, { name: pod }), {
    method: HttpMethod.DELETE,
    body: { gracePeriodSeconds: 0 },
  });
  // Whatever made the pod makes another one: there is nothing to take back.
  return { detail: { object: `Pod/${pod}`, replicas }, undo: () => Promise.resolve() };
};
