import type { LivePod } from '../live.ts';
import { amount, inTemplate, objectOf, selects, unlessWaived } from './rows.ts';
import type { Row, Subject } from './rows.ts';

/** How many replicas there are at least, whoever decides: the autoscaler where there is one. */
function fewest({ workload, live }: Subject): { value: number; where: string } {
  const scaler = live.autoscalers.find(({ spec }) => scales(spec, workload));
  if (scaler === undefined) return { value: workload.replicas, where: `${objectOf(workload)} spec.replicas` };
  return { value: scaler.spec.minReplicas ?? 1, where: `HorizontalPodAutoscaler/${scaler.name} spec.minReplicas` };
}

function scales(
  spec: { scaleTargetRef: { kind: string; name: string } },
  { kind, name }: { kind: string; name: string },
): boolean {
  return spec.scaleTargetRef.kind === kind && spec.scaleTargetRef.name === name;
}

export function replicas(subject: Subject): Row[] {
  const { component, pods } = subject;
  const at = { aspect: 'replicas', subject: component.name } as const;
  return unlessWaived(component.replicas, at, ({ atLeast }) => {
    const { value, where } = fewest(subject);
    const ready = pods.filter((pod) => pod.ready).length;
    const found = `${String(value)}, ${String(ready)} of them ready`;
    const state = value >= atLeast && ready >= atLeast ? 'ok' : 'differs';
    return [{ ...at, recommended: `at least ${String(atLeast)}, ready`, found, where, state }];
  });
}

const topologyKeys = { node: 'kubernetes.io/hostname', zone: 'topology.kubernetes.io/zone' } as const;

export function spread(subject: Subject): Row[] {
  const { component, workload, pods, live } = subject;
  const at = { aspect: 'spread', subject: component.name } as const;
  return unlessWaived(component.spread, at, ({ over }) =>
    over.map((domain): Row => {
      const recommended = `replicas spread over ${domain}s`;
      const rule = spreadRule(subject, topologyKeys[domain]);
      if (rule === undefined) {
        const where = inTemplate(workload, 'topologySpreadConstraints');
        return {
          ...at,
          recommended,
          found: `no rule about ${topologyKeys[domain]} that selects its pods`,
          where,
          state: 'differs',
        };
      }
      const where = inTemplate(workload, rule.path);
      const domains = live.nodes.map(({ name, zone }) => (domain === 'node' ? name : zone));
      const there = new Set(domains.filter((value) => value !== undefined)).size;
      if (there < 2) {
        const found = `${rule.says}, but this cluster has ${there === 0 ? 'no' : 'one'} ${domain}: nothing can be spread`;
        return { ...at, recommended, found, where, state: 'unknown' };
      }
      const ready = pods.filter((pod) => pod.ready);
      const used = new Set(ready.map((pod) => domainOf(pod, subject, domain))).size;
      const found = `${rule.says}; ${String(ready.length)} pods on ${String(used)} of ${String(there)} ${domain}s`;
      if (ready.length < 2) return { ...at, recommended, found, where, state: 'unknown' };
      return { ...at, recommended, found, where, state: used > 1 ? 'ok' : 'differs' };
    }),
  );
}

function domainOf({ node }: LivePod, { live }: Subject, domain: 'node' | 'zone'): string | undefined {
  return domain === 'node' ? node : live.nodes.find(({ name }) => name === node)?.zone;
}

/** The constraint or anti-affinity that keeps the pods of a workload apart. */
function spreadRule({ workload }: Subject, key: string): { path: string; says: string } | undefined {
  const { spec, labels } = workload.template;
  const constraints = spec.topologySpreadConstraints ?? [];
  const index = constraints.findIndex((one) => one.topologyKey === key && selects(one.labelSelector, labels));
  const constraint = constraints[index];
  if (constraint !== undefined) {
    return {
      path: `topologySpreadConstraints[${String(index)}]`,
      says: `${constraint.whenUnsatisfiable} over ${key}`,
    };
  }
  const {
    requiredDuringSchedulingIgnoredDuringExecution: required = [],
    preferredDuringSchedulingIgnoredDuringExecution: preferred = [],
  } = spec.affinity?.podAntiAffinity ?? {};
  const keepsApart = (term: { topologyKey: string; labelSelector?: object }) =>
    term.topologyKey === key && selects(term.labelSelector, labels);
  const path = 'affinity.podAntiAffinity';
  if (required.some(keepsApart)) return { path, says: `required anti-affinity over ${key}` };
  if (preferred.some(({ podAffinityTerm }) => keepsApart(podAffinityTerm)))
    return { path, says: `preferred anti-affinity over ${key}` };
  return undefined;
}

export function disruptionBudget(subject: Subject): Row[] {
  const { component, workload, live } = subject;
  const at = { aspect: 'disruption-budget', subject: component.name } as const;
  return unlessWaived(component.disruptionBudget, at, ({ protects }) => {
    const recommended = `a drain leaves at least ${String(protects)} running, and can go on`;
    const budgets = live.podDisruptionBudgets.filter(({ spec }) => selects(spec?.selector, workload.template.labels));
    const [budget] = budgets;
    if (budget === undefined) {
      const found = 'no PodDisruptionBudget selects its pods';
      return [{ ...at, recommended, found, where: objectOf(workload), state: 'differs' }];
    }
    const names = budgets.map(({ name }) => `PodDisruptionBudget/${name}`).join(', ');
    if (budgets.length > 1) {
      const found = 'more than one selects its pods, so every eviction is refused';
      return [{ ...at, recommended, found, where: `${names} spec.selector`, state: 'differs' }];
    }
    const { value: total } = fewest(subject);
    const { minAvailable, maxUnavailable } = budget.spec ?? {};
    const kept =
      minAvailable === undefined
        ? total - amount(maxUnavailable ?? 1, total, Math.ceil)
        : amount(minAvailable, total, Math.ceil);
    const says =
      minAvailable === undefined ? `maxUnavailable ${String(maxUnavailable)}` : `minAvailable ${String(minAvailable)}`;
    const found = `${says} of ${String(total)}: ${kept >= total ? 'blocks every drain' : `leaves ${String(Math.max(0, kept))} running`}`;
    const where = `${names} spec.${minAvailable === undefined ? 'maxUnavailable' : 'minAvailable'}`;
    return [{ ...at, recommended, found, where, state: kept >= protects && kept < total ? 'ok' : 'differs' }];
  });
}

export function autoscaling({ component, workload, live }: Subject): Row[] {
  const at = { aspect: 'autoscaling', subject: component.name } as const;
  return unlessWaived(component.autoscaling, at, ({ atLeast, upTo }) => {
    const recommended = `from ${String(atLeast)} or more up to ${String(upTo)} or more`;
    const scaler = live.autoscalers.find(({ spec }) => scales(spec, workload));
    if (scaler === undefined) {
      const found = 'no HorizontalPodAutoscaler scales it';
      return [{ ...at, recommended, found, where: objectOf(workload), state: 'differs' }];
    }
    const { minReplicas: least = 1, maxReplicas: most } = scaler.spec;
    const where = `HorizontalPodAutoscaler/${scaler.name} spec`;
    const found = `from ${String(least)} up to ${String(most)}`;
    if (least < atLeast || most < upTo || most <= least)
      return [{ ...at, recommended, found, where, state: 'differs' }];
    if (scaler.inactive !== undefined)
      return [
        { ...at, recommended, found: `${found}, but not active here: ${scaler.inactive}`, where, state: 'unknown' },
      ];
    return [{ ...at, recommended, found, where, state: 'ok' }];
  });
}
