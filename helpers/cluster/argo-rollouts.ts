import { isNotFound, Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';

/** Argo CD and Argo Workflows share the group, so that it alone says nothing. */
const version = '/apis/argoproj.io/v1alpha1';
/** What a canary and its analysis need. */
const needed = ['rollouts', 'analysistemplates', 'analysisruns'];
/** The label that its own manifests and its chart give to the controller. */
const controller = 'app.kubernetes.io/name=argo-rollouts';

/** Whether Argo Rollouts is there and works: its kinds are served, and a controller is ready. */
export async function argoRolloutsIsReady(kube: Kube): Promise<boolean> {
  const served = await kube.request<{ resources: { name: string }[] }>(version).catch((thrown: unknown) => {
    if (isNotFound(thrown)) return { resources: [] };
    throw thrown;
  });
  if (!needed.every((resource) => served.resources.some(({ name }) => name === resource))) return false;
  const { items } = await new Kube(kube.config).list(kinds.deployment, { labelSelector: controller });
  return items.some(({ status }) => (status?.readyReplicas ?? 0) > 0);
}
