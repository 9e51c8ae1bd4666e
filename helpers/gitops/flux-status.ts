import { nameOf } from '../kubernetes/resources.ts';
import type { KubeObject, Resource } from '../kubernetes/resources.ts';
import type { ObjectStatus, Stages } from './engine.ts';

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

/** What the objects of Flux have in common, and what is read of each kind. */
export interface FluxObject extends KubeObject {
  spec?: {
    suspend?: boolean;
    chart?: { spec?: { reconcileStrategy?: string } };
    [field: string]: unknown;
  };
  status?: {
    observedGeneration?: number;
    conditions?: Condition[];
    /** Of a source: `BRANCH@sha1:COMMIT`. */
    artifact?: { revision?: string };
    lastAppliedRevision?: string;
    lastAttemptedRevision?: string;
  };
}

function fluxKind(kind: string, apiVersion: string, plural: string): Resource<FluxObject> {
  return { kind, apiVersion, plural, namespaced: true };
}

/** Served in these versions since Flux 2.3. */
export const fluxKinds = {
  gitRepository: fluxKind('GitRepository', 'source.toolkit.fluxcd.io/v1', 'gitrepositories'),
  helmChart: fluxKind('HelmChart', 'source.toolkit.fluxcd.io/v1', 'helmcharts'),
  kustomization: fluxKind('Kustomization', 'kustomize.toolkit.fluxcd.io/v1', 'kustomizations'),
  helmRelease: fluxKind('HelmRelease', 'helm.toolkit.fluxcd.io/v2', 'helmreleases'),
} as const;

/** The objects of Flux in a namespace at one moment. */
export interface FluxSnapshot {
  source: FluxObject | undefined;
  kustomization: FluxObject | undefined;
  charts: FluxObject[];
  releases: FluxObject[];
}

/** How far the cluster is on its way to `commit`. Pure. */
export function stagesOf({ source, kustomization, charts, releases }: FluxSnapshot, commit: string): Stages {
  const fetched = isAt(source?.status?.artifact?.revision, commit);
  const applied = fetched && isAt(kustomization?.status?.lastAppliedRevision, commit);
  const done = releases.filter((release) => applied && isReleased(release, commit));
  const attempted = isAt(kustomization?.status?.lastAttemptedRevision, commit);
  const refusing = [
    ...(attempted && kustomization !== undefined ? [failure(fluxKinds.kustomization, kustomization)] : []),
    ...(applied ? charts.map((chart) => failure(fluxKinds.helmChart, chart)) : []),
    ...(applied ? releases.map((release) => failure(fluxKinds.helmRelease, release)) : []),
  ];
  return {
    fetched,
    applied,
    released: done.map(name),
    pending: releases.filter((release) => !done.includes(release)).map(name),
    refusals: refusing.flatMap((found) => (found === undefined ? [] : [found])),
  };
}

/** What each object says about itself. Pure. */
export function statusOf({ source, kustomization, charts, releases }: FluxSnapshot): ObjectStatus[] {
  return [
    ...(source === undefined ? [] : [describe(fluxKinds.gitRepository, source)]),
    ...(kustomization === undefined ? [] : [describe(fluxKinds.kustomization, kustomization)]),
    ...charts.map((chart) => describe(fluxKinds.helmChart, chart)),
    ...releases.map((release) => describe(fluxKinds.helmRelease, release)),
  ];
}

/** `BRANCH@sha1:COMMIT`, or `COMMIT` alone. */
function isAt(revision: string | undefined, commit: string): boolean {
  return revision?.endsWith(commit) ?? false;
}

function isReleased(release: FluxObject, commit: string): boolean {
  const { spec, status } = release;
  // With this strategy each commit is a chart version of its own; the version ends in the start of the commit.
  const followsCommits = spec?.chart?.spec?.reconcileStrategy === 'Revision';
  if (followsCommits && status?.lastAttemptedRevision?.endsWith(commit.slice(0, 12)) !== true) return false;
  return isObserved(release) && conditionOf(release, 'Ready')?.status === 'True';
}

/** Whether the status speaks of the present specification, and not of an earlier one. */
function isObserved({ metadata, status }: FluxObject): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
}

/** Reasons that tell of waiting for something else or of work in progress; all others tell of an attempt that failed. */
const WAITING = /^(Progressing\w*|Dependency\w*|\w*NotReady|Suspended|Unknown)$/;

function failure(resource: Resource<FluxObject>, object: FluxObject): (ObjectStatus & { final: boolean }) | undefined {
  const ready = conditionOf(object, 'Ready');
  const stalled = conditionOf(object, 'Stalled')?.status === 'True';
  const generation = object.metadata?.generation ?? 0;
  // A condition of an earlier generation is an old story.
  if (ready?.status !== 'False' || (ready.observedGeneration ?? generation) < generation) return undefined;
  if (!stalled && WAITING.test(ready.reason ?? '')) return undefined;
  // What cannot be built is tried again for ever, and always fails.
  return { ...describe(resource, object), final: stalled || ready.reason === 'BuildFailed' };
}

function describe(resource: Resource<FluxObject>, object: FluxObject): ObjectStatus {
  const ready = conditionOf(object, 'Ready');
  return {
    object: nameOf(resource, object),
    ready: ready?.status === 'True' && isObserved(object),
    reason: ready?.reason ?? 'no status yet',
    message: ready?.message ?? '',
    suspended: object.spec?.suspend === true,
  };
}

function conditionOf({ status }: FluxObject, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

function name({ metadata }: FluxObject): string {
  return metadata?.name ?? '';
}
