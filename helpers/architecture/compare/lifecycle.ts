import type { Container } from '../live.ts';
import { amount, inContainer, inTemplate, objectOf, unlessWaived } from './rows.ts';
import type { Row, Subject } from './rows.ts';

/** What Kubernetes gives a pod that says nothing. */
const DEFAULT_GRACE_SECONDS = 30;

/** The container that serves. */
function main({ component, workload }: Subject): Container | undefined {
  const { containers } = workload.template.spec;
  return component.container === undefined
    ? containers[0]
    : containers.find(({ name }) => name === component.container);
}

type Probe = NonNullable<Container['readinessProbe']>;

export function probes(subject: Subject): Row[] {
  const { component, workload } = subject;
  const at = { aspect: 'probes', subject: component.name } as const;
  return unlessWaived(component.probes, at, ({ startup, readiness, liveness, alike }) => {
    const container = main(subject);
    const name = container?.name ?? component.container ?? '';
    const row = (field: string, recommended: string, found: string, ok: boolean): Row => {
      const where = inTemplate(workload, inContainer(name, field));
      return { ...at, recommended, found, where, state: ok ? 'ok' : 'differs' };
    };
    if (container === undefined) return [row('', `a container ${name}`, 'there is none', false)];
    const ask = (kind: string, probe: Probe | undefined, path: string | undefined) => {
      const recommended = path === undefined ? `a ${kind} probe` : `a ${kind} probe that asks ${path}`;
      const asks = probe !== undefined && (path === undefined || probe.httpGet?.path === path);
      if (probe === undefined || hasPort(container, probe))
        return row(`${kind}Probe`, recommended, describe(probe), asks);
      return row(`${kind}Probe`, recommended, `${describe(probe)}, a port that the container does not have`, false);
    };
    const { startupProbe, readinessProbe, livenessProbe } = container;
    return [
      ...(startup ? [ask('startup', startupProbe, undefined)] : []),
      ask('readiness', readinessProbe, readiness),
      ask('liveness', livenessProbe, liveness),
      ...(readinessProbe === undefined ? [] : [excused(meaningful(row, readinessProbe, livenessProbe), alike)]),
    ];
  });
}

/**
 * Whether the container declares the port that its probe asks. One that declares none says nothing of its ports.
 * https://docs.kubelinter.io/#/generated/checks?id=liveness-port
 */
function hasPort({ ports = [] }: Container, { httpGet, tcpSocket, grpc }: Probe): boolean {
  const asked: unknown = (httpGet ?? tcpSocket ?? grpc)?.port;
  if (asked === undefined) return true;
  if (typeof asked === 'string') return ports.some(({ name }) => name === asked);
  return ports.length === 0 || ports.some(({ containerPort }) => containerPort === asked);
}

/** A readiness probe that asks what the liveness probe asks, or whether a port is open, says nothing about what the calls need. */
function meaningful(
  row: (field: string, recommended: string, found: string, ok: boolean) => Row,
  readiness: Probe,
  liveness: Probe | undefined,
): Row {
  const recommended = 'readiness asks more than whether the process lives';
  const same = liveness !== undefined && describe(readiness) === describe(liveness);
  const portOnly = readiness.tcpSocket !== undefined;
  const found = same
    ? `the same as liveness: ${describe(readiness)}`
    : portOnly
      ? `only whether a port is open: ${describe(readiness)}`
      : describe(readiness);
  return row('readinessProbe', recommended, found, !same && !portOnly);
}

/** What differs for a written reason does not apply. */
function excused(row: Row, reason: string | undefined): Row {
  return row.state === 'ok' || reason === undefined
    ? row
    : { ...row, found: `${row.found}: ${reason}`, state: 'waived' };
}

/** What a probe asks, in one line. */
function describe(probe: Probe | undefined): string {
  if (probe === undefined) return 'none';
  const { httpGet, tcpSocket, grpc, exec } = probe;
  if (httpGet !== undefined) return `GET ${httpGet.path ?? '/'} at ${String(httpGet.port)}`;
  if (tcpSocket !== undefined) return `connect to ${String(tcpSocket.port)}`;
  if (grpc !== undefined) return `gRPC at ${String(grpc.port)}`;
  return `run ${(exec?.command ?? []).join(' ')}`;
}

export function resources({ component, workload }: Subject): Row[] {
  const at = { aspect: 'resources', subject: component.name } as const;
  return unlessWaived(component.resources, at, (wanted) =>
    workload.template.spec.containers.flatMap((container) =>
      wanted.map((path): Row => {
        const [kind = '', resource = ''] = path.split('.');
        const amounts = container.resources?.[kind as 'requests' | 'limits'];
        const found = amounts?.[resource];
        const where = inTemplate(workload, inContainer(container.name, `resources.${path}`));
        return { ...at, recommended: `${path} set`, found: found ?? 'not set', where, state: found ? 'ok' : 'differs' };
      }),
    ),
  );
}

export function rollout({ component, workload }: Subject): Row[] {
  const at = { aspect: 'rollout', subject: component.name } as const;
  return unlessWaived(component.rollout, at, (wanted) => {
    const field = workload.kind === 'Deployment' ? 'strategy' : 'updateStrategy';
    const recommended = `at most ${String(wanted.maxUnavailable)} missing and at least ${String(wanted.maxSurge)} added while rolling`;
    const { type = 'RollingUpdate', rollingUpdate = {} } = workload.strategy;
    const where = `${objectOf(workload)} spec.${field}`;
    if (type !== 'RollingUpdate') return [{ ...at, recommended, found: type, where, state: 'differs' }];
    // A StatefulSet ends a pod before it starts the one that takes its place.
    const { maxUnavailable = 1, maxSurge = 0 } =
      workload.kind === 'StatefulSet' ? { ...rollingUpdate, maxSurge: 0 } : rollingUpdate;
    const missing = amount(maxUnavailable, workload.replicas, Math.floor);
    const added = amount(maxSurge, workload.replicas, Math.ceil);
    const found = `maxUnavailable ${String(maxUnavailable)}, maxSurge ${String(maxSurge)}`;
    const ok = missing <= wanted.maxUnavailable && added >= wanted.maxSurge;
    return [{ ...at, recommended, found, where: `${where}.rollingUpdate`, state: ok ? 'ok' : 'differs' }];
  });
}

export function drain({ component, workload }: Subject): Row[] {
  const at = { aspect: 'drain', subject: component.name } as const;
  return unlessWaived(component.drain, at, (wanted) => {
    const longestCall = secondsOf(wanted.longestCall);
    const leastPreStop = secondsOf(wanted.preStop);
    const { spec } = workload.template;
    const grace = spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
    const where = inTemplate(workload, 'terminationGracePeriodSeconds');
    const recommended = `preStop (${wanted.preStop} or more) + longest call ${wanted.longestCall} ≤ grace period`;
    const stops = spec.containers.map(preStopSeconds);
    if (stops.includes(undefined)) {
      const found = `a preStop whose length cannot be read, grace period ${String(grace)} s`;
      return [{ ...at, recommended, found, where, state: 'unknown' }];
    }
    const preStop = Math.max(...stops.map((stop) => stop ?? 0));
    const needed = preStop + longestCall;
    const found = `${String(preStop)} s + ${String(longestCall)} s = ${String(needed)} s, grace period ${String(grace)} s`;
    const ok = needed <= grace && preStop >= leastPreStop;
    return [{ ...at, recommended, found, where, state: ok ? 'ok' : 'differs' }];
  });
}

/** How long a container's preStop takes: 0 without one, undefined when only running it would tell. */
function preStopSeconds({ lifecycle }: Container): number | undefined {
  const preStop = lifecycle?.preStop;
  if (preStop === undefined) return 0;
  if (preStop.sleep !== undefined) return preStop.sleep.seconds;
  const command = (preStop.exec?.command ?? []).join(' ');
  const [, length] = /^(?:(?:\/bin\/)?(?:ba)?sh -c )?(?:\/bin\/|\/usr\/bin\/)?sleep (\d+)s?$/.exec(command) ?? [];
  return length === undefined ? undefined : Number(length);
}

function secondsOf(duration: string): number {
  return Number.parseInt(duration, 10) * (duration.endsWith('m') ? 60 : 1);
}
