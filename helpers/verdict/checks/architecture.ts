import { compareArchitecture } from '../../architecture/compare.ts';
import type { AspectId, Row } from '../../architecture/compare.ts';
import { recordedIn } from '../../architecture/recorded.ts';
import type { History } from '../../history/history.ts';
import { check, fail, inconclusive, pass } from '../finding.ts';
import type { Check, Finding } from '../types.ts';

/** Checks on what runs beside the architecture that is recommended for production: one for each aspect. */

/** Lines of the diff that a finding tells at most; all of them stand in the diff. */
const TOLD = 6;

export const components = aspect('components', {
  title: 'Exactly the recommended components run',
  expected: 'a workload for each component, and no other workload in the namespace',
  reason: 'What is missing cannot serve; what is there without being recommended is maintained by nobody.',
});

export const replicas = aspect('replicas', {
  title: 'Every component has the recommended replicas',
  expected: 'at least the declared number, ready',
  reason: 'kube-score (deployment-replicas): one replica is an outage with every restart.',
});

export const spread = aspect('spread', {
  title: 'Replicas are spread over nodes or zones',
  expected: 'a topology spread constraint or anti-affinity, and pods in more than one place',
  reason: 'https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
});

export const disruptionBudget = aspect('disruption-budget', {
  title: 'A disruption budget protects every component and does not block drains',
  expected: 'one PodDisruptionBudget that leaves the declared number running, and less than all',
  reason: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
});

export const probes = aspect('probes', {
  title: 'Every component has the recommended probes, and readiness means that it can serve',
  expected: 'startup, readiness and liveness probes; readiness asks neither the same as liveness nor a bare port',
  reason: 'https://kubernetes.io/docs/concepts/workloads/pods/probes/ and kube-score (pod-probes-identical)',
});

export const resources = aspect('resources', {
  title: 'Every container has the recommended requests and limits',
  expected: 'all declared amounts set',
  reason: 'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
});

export const rollout = aspect('rollout', {
  title: 'A rollout keeps the recommended replicas running',
  expected: 'RollingUpdate, with no more missing and no less added than declared',
  reason: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment',
});

export const drain = aspect('drain', {
  title: 'A stopping pod has time for its longest call',
  expected: 'preStop + longest call ≤ terminationGracePeriodSeconds',
  reason: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination: the rest is killed.',
});

export const autoscaling = aspect('autoscaling', {
  title: 'The components that should be are scaled automatically',
  expected: 'a HorizontalPodAutoscaler with the declared bounds, more at most than at least, and active',
  reason: 'https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/',
});

export const storesAreExternal = aspect('stores-external', {
  title: 'Databases and caches are not pods of the release',
  expected: 'hosts that lead to no pod in the namespace',
  reason: 'A bundled store has one replica and no backups: losing its volume loses the configuration.',
});

export const storesUseTls = aspect('stores-tls', {
  title: 'Databases and caches are reached over TLS alone',
  expected: 'sslmode require or stricter, rediss://, or what the declaration names',
  reason: 'https://www.postgresql.org/docs/current/libpq-ssl.html: prefer and allow go on without TLS.',
});

export const networkPolicies = aspect('network-policy', {
  title: 'A NetworkPolicy restricts the pods of every component',
  expected: 'a policy for each declared direction that selects the pods and does not allow everything',
  reason:
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/ and kube-score (pod-networkpolicy)',
});

export const networkPoliciesAreEnforced = aspect('network-policy-enforced', {
  title: 'The cluster enforces NetworkPolicies',
  expected: 'a network plugin that is known to enforce them',
  reason:
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites: without one they have no effect.',
});

export const podSecurity = aspect('pod-security', {
  title: 'Pods keep to the restricted profile, with a read-only root file system',
  expected: 'no field that the profile "restricted" forbids',
  reason: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
});

export const serviceAccountTokens = aspect('service-account-token', {
  title: 'Only pods that need it hold a token for the Kubernetes API',
  expected: 'automountServiceAccountToken false where no reason is declared',
  reason: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/',
});

export const secretsByReference = aspect('secrets', {
  title: 'Secrets are referenced, never in the open',
  expected: 'no literal secret in an environment or a ConfigMap',
  reason: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/ and Polaris (sensitiveContainerEnvVar)',
});

export const imagesArePinned = aspect('images', {
  title: 'Images are pinned',
  expected: 'a digest, or a tag that is not moved, where the declaration allows one',
  reason: 'https://kubernetes.io/docs/concepts/containers/images/#image-names: "latest" is another image tomorrow.',
});

export const entryIsEncrypted = aspect('entry-tls', {
  title: 'Clients enter over TLS',
  expected: 'a handshake with a trusted certificate, or an Ingress with TLS',
  reason: 'Bearer tokens that travel in the clear belong to whoever listens.',
});

function aspect(id: AspectId, texts: Pick<Check, 'title' | 'expected' | 'reason'>): Check {
  return check({
    id: `architecture.${id}`,
    ...texts,
    experiment: 'architecture',
    evaluate: (history) => judge(history, id),
  });
}

/** The worst row decides; what is waived for every component does not apply. */
function judge(history: History, id: AspectId): Finding {
  const recorded = recordedIn(history);
  if ('missing' in recorded) return inconclusive(recorded.missing);
  const { declared, live, evidence } = recorded;
  const rows = compareArchitecture(declared, live).filter((row) => row.aspect === id);
  const of = (state: Row['state']) => rows.filter((row) => row.state === state);
  const [differs, unknown, ok] = [of('differs'), of('unknown'), of('ok')];
  if (differs.length > 0) return fail(told(differs, describe), evidence);
  if (unknown.length > 0) return inconclusive(told(unknown, describe));
  if (ok.length > 0)
    return pass(
      told(ok, ({ subject, found }) => `${subject}: ${found}`),
      evidence,
    );
  const waived = of('waived');
  if (waived.length === 0) return inconclusive('nothing was compared');
  return { verdict: 'not-applicable', seen: told(waived, ({ subject, found }) => `${subject}: ${found}`) };
}

function describe({ subject, recommended, found, where }: Row): string {
  return `${subject}: ${found}, recommended: ${recommended} (${where})`;
}

function told(rows: readonly Row[], text: (row: Row) => string): string {
  const lines = [...new Set(rows.map(text))];
  const more = lines.length > TOLD ? [`and ${String(lines.length - TOLD)} more`] : [];
  return [...lines.slice(0, TOLD), ...more].join('; ');
}
