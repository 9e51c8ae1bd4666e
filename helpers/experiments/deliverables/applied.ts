import type { AppliedFact } from '../../deliverables/facts.ts';
import { objectsIn } from '../../kubernetes/discovery.ts';
import type { Kube } from '../../kubernetes/kube.ts';

/** Where `kubectl apply` keeps what it was given. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** The objects of the namespace that kubectl has applied, as it was given them. */
export async function appliedIn(kube: Kube): Promise<AppliedFact> {
  const found = await objectsIn(kube, kube.namespace ?? '');
  return Object.fromEntries(
    found
      .flatMap(({ resource, object }) => {
        const text = object.metadata?.annotations?.[LAST_APPLIED];
        return text === undefined ? [] : [[`${resource.kind}/${object.metadata?.name ?? ''}`, asGiven(text)] as const];
      })
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Without the namespace, which belongs to the trial, and the annotations that kubectl adds by itself when there are none. */
function asGiven(text: string): AppliedFact[string] {
  const object = JSON.parse(text) as { kind: string; metadata: Record<string, unknown> };
  const { namespace: _namespace, annotations, ...metadata } = object.metadata;
  const isEmpty = Object.keys(annotations ?? {}).length === 0;
  return { ...object, metadata: { ...metadata, ...(isEmpty ? {} : { annotations }) } };
}
