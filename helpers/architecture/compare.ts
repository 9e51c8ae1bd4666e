import type { Architecture, Component } from './schema.ts';
import type { Live, Workload } from './live.ts';
import { autoscaling, disruptionBudget, replicas, spread } from './compare/availability.ts';
import { drain, probes, resources, rollout } from './compare/lifecycle.ts';
import { entryTls, networkPolicy, networkPolicyEnforced } from './compare/network.ts';
import { objectOf, selects, workloadOf } from './compare/rows.ts';
import type { AspectId, Row, Subject } from './compare/rows.ts';
import { images, podSecurity, secrets, serviceAccountToken } from './compare/security.ts';
import { storesExternal, storesTls } from './compare/stores.ts';

export type { AspectId, Row };

/** Aspects that every component has. */
const ofComponents: Partial<Record<AspectId, (subject: Subject) => Row[]>> = {
  replicas,
  spread,
  'disruption-budget': disruptionBudget,
  probes,
  resources,
  rollout,
  drain,
  autoscaling,
  'network-policy': networkPolicy,
  'pod-security': podSecurity,
  'service-account-token': serviceAccountToken,
};

const ofTheWhole: Partial<Record<AspectId, (declared: Architecture, live: Live) => Row[]>> = {
  components,
  'stores-external': storesExternal,
  'stores-tls': storesTls,
  'network-policy-enforced': networkPolicyEnforced,
  secrets,
  images,
  'entry-tls': entryTls,
};

/** The recommended architecture beside what runs, aspect by aspect. Pure. */
export function compareArchitecture(declared: Architecture, live: Live): Row[] {
  const whole = Object.values(ofTheWhole).flatMap((compare) => compare(declared, live));
  const each = declared.components.flatMap((component) => {
    const workload = workloadOf(component, live);
    return Object.entries(ofComponents).flatMap(([aspect, compare]) =>
      workload === undefined
        ? [{ ...missing(component), aspect: aspect as AspectId, state: 'unknown' as const }]
        : compare({ component, workload, pods: podsOf(workload, live), live }),
    );
  });
  return [...whole, ...each];
}

/** Each component runs, and nothing runs that is no part of the recommended architecture. */
function components({ components: declared }: Architecture, live: Live): Row[] {
  const found = declared.map((component) => ({ component, workload: workloadOf(component, live) }));
  const strangers = live.workloads.filter((workload) => !found.some((pair) => pair.workload === workload));
  return [
    ...found.map(({ component, workload }): Row => {
      if (workload === undefined) return { ...missing(component), aspect: 'components', state: 'differs' };
      const where = objectOf(workload);
      return { aspect: 'components', subject: component.name, recommended: 'runs', found: where, where, state: 'ok' };
    }),
    ...strangers.map((workload): Row => {
      const found = 'runs, and is no part of the recommended architecture';
      const where = objectOf(workload);
      return {
        aspect: 'components',
        subject: workload.name,
        recommended: 'nothing else',
        found,
        where,
        state: 'differs',
      };
    }),
  ];
}

function missing({ name, workload, selector }: Component): Omit<Row, 'aspect' | 'state'> {
  const wanted = workload ?? `pods with ${JSON.stringify(selector)}`;
  return { subject: name, recommended: 'runs', found: `there is no ${wanted}`, where: wanted };
}

function podsOf({ selector }: Workload, { pods }: Live) {
  return pods.filter((pod) => selects({ matchLabels: selector }, pod.labels));
}
