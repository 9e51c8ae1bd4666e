import type { Architecture, Component, Waiver } from '../schema.ts';
import type { Live, LivePod, PodSpec, Workload } from '../live.ts';

/** What is compared; each is one check. */
export type AspectId =
  | 'components'
  | 'replicas'
  | 'spread'
  | 'disruption-budget'
  | 'probes'
  | 'resources'
  | 'rollout'
  | 'drain'
  | 'autoscaling'
  | 'stores-external'
  | 'stores-tls'
  | 'network-policy'
  | 'network-policy-enforced'
  | 'pod-security'
  | 'service-account-token'
  | 'secrets'
  | 'images'
  | 'entry-tls';

/** One line of the diff: what is recommended and what was found. */
export interface Row {
  aspect: AspectId;
  /** The component, store, or part of the cluster. */
  subject: string;
  recommended: string;
  found: string;
  /** Object and field, e.g. `Deployment/gateway spec.replicas`. */
  where: string;
  /** `unknown`: it cannot be told here, and why stands in `found`. `waived`: the declaration says why it does not apply. */
  state: 'ok' | 'differs' | 'unknown' | 'waived';
}

/** A component beside the workload that runs it. */
export interface Subject {
  component: Component;
  workload: Workload;
  /** Its pods that are not ending. */
  pods: LivePod[];
  live: Live;
}

function isWaiver(recommendation: object): recommendation is Waiver {
  return 'notApplicable' in recommendation;
}

/** Rows of an aspect that a declaration recommends something about, or the one row that tells why it does not. */
export function unlessWaived<T extends object>(
  recommendation: T | Waiver,
  { aspect, subject }: Pick<Row, 'aspect' | 'subject'>,
  compare: (recommendation: T) => Row[],
): Row[] {
  if (!isWaiver(recommendation)) return compare(recommendation);
  const found = recommendation.notApplicable;
  return [{ aspect, subject, recommended: '—', found, where: '—', state: 'waived' }];
}

/** `Deployment/gateway`. */
export function objectOf({ kind, name }: Pick<Workload, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}

/** The workload that runs a component: the one it names, or the first whose pods have its labels. */
export function workloadOf({ workload, selector }: Component, { workloads }: Live): Workload | undefined {
  return workload === undefined
    ? workloads.find(({ template }) => selects({ matchLabels: selector ?? {} }, template.labels))
    : workloads.find((candidate) => objectOf(candidate) === workload);
}

/** What the declaration calls a workload; its own name when it is not declared. */
export function subjectOf(workload: Workload, { components }: Architecture, live: Live): string {
  return components.find((component) => workloadOf(component, live) === workload)?.name ?? workload.name;
}

/** `Deployment/gateway spec.template.spec.PATH`. */
export function inTemplate(workload: Workload, path: string): string {
  return `${objectOf(workload)} spec.template.spec${path === '' ? '' : `.${path}`}`;
}

/** `containers[gateway].resources`. */
export function inContainer(name: string, path: string): string {
  return `containers[${name}]${path === '' ? '' : `.${path}`}`;
}

/** Every container that the template starts, with the list that it stands in. */
export function containersOf({ containers, initContainers = [] }: PodSpec) {
  return [
    ...containers.map((container) => ({ list: 'containers', container })),
    ...initContainers.map((container) => ({ list: 'initContainers', container })),
  ];
}

interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Whether a label selector selects these labels. An empty one selects everything, a missing one nothing. */
export function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => holds(expression, labels))
  );
}

function holds(
  { key, operator, values = [] }: { key: string; operator: string; values?: string[] },
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/** A number of replicas that may be written as a share; Kubernetes rounds some of them up and some down. */
export function amount(value: number | string, of: number, round: (share: number) => number): number {
  if (typeof value === 'number') return value;
  return round((Number.parseInt(value, 10) / 100) * of);
}
