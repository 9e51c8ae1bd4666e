import type { SourceDocument } from '../document.ts';
import { milliseconds } from '../duration.ts';
import type { LoadedTree } from '../load.ts';
import { at, groups, isKind, kindOf, listAt, mappingAt, nameOf, textAt } from '../objects.ts';
import { pinOfReference, pinOfVersion } from '../pins.ts';
import type { Pin } from '../pins.ts';
import { awaitedReleases, chartFolder, releasePlace, sourceOf, sourceReference } from '../releases.ts';
import type { Release } from '../releases.ts';
import { withoutCredentials } from '../build.ts';

/** Flux's own defaults. */
const DEFAULTS = { timeoutMs: 5 * 60_000, retries: 0, strategy: 'rollback', drift: 'disabled' } as const;

/** What a HelmRelease says about itself, with Flux's defaults where it says nothing. */
export function releaseFacts(releases: readonly Release[], tree: LoadedTree) {
  return releases.map((release) => {
    const { object } = release.document;
    return {
      id: release.id,
      releaseName: release.releaseName,
      namespace: release.namespace ?? null,
      place: releasePlace(release),
      chart: release.chart ?? null,
      ...versionOf(release, tree),
      install: remediationOf(object, 'install'),
      upgrade: remediationOf(object, 'upgrade'),
      timeoutMs: durationAt(object, 'spec', 'timeout') ?? DEFAULTS.timeoutMs,
      timeoutIsSet: at(object, 'spec', 'timeout') !== undefined,
      intervalMs: durationAt(object, 'spec', 'interval') ?? null,
      suspended: at(object, 'spec', 'suspend') === true,
      drift: textAt(object, 'spec', 'driftDetection', 'mode') ?? DEFAULTS.drift,
      dependsOn: awaitedReleases(release),
    };
  });
}

/** The version of the chart, and how firmly it is pinned: by itself, by the ref of its source, or by the tree that it lies in. */
function versionOf(release: Release, tree: LoadedTree): { version: string; pin: Pin } {
  const { object } = release.document;
  const kind = textAt(sourceReference(object), 'kind') ?? '';
  const version = textAt(object, 'spec', 'chart', 'spec', 'version');
  if (kind === 'HelmRepository') return { version: version ?? 'none, so the latest', pin: pinOfVersion(version) };
  if (chartFolder(release, tree) !== undefined) return { version: 'as in this tree', pin: 'exact' };
  const source = sourceOf(
    object,
    tree.units.flatMap(({ documents }) => documents),
  );
  if (source === undefined)
    return { version: `as ${kind} ${textAt(sourceReference(object), 'name') ?? ''} says`, pin: 'unknown' };
  if (kind === 'Bucket') return { version: 'as the bucket holds it', pin: 'moving' };
  const { pin, ref } = pinOfReference(mappingAt(source.object, 'spec'));
  return { version: ref, pin };
}

function remediationOf(object: SourceDocument['object'], action: 'install' | 'upgrade') {
  const remediation = mappingAt(object, 'spec', action, 'remediation');
  const retries = typeof remediation.retries === 'number' ? remediation.retries : DEFAULTS.retries;
  const last = remediation.remediateLastFailure;
  return {
    place: `spec.${action}.remediation`,
    retries,
    // An upgrade that has retries remediates its last failure too, unless told otherwise; an install leaves it to be looked at.
    remediatesLastFailure: typeof last === 'boolean' ? last : action === 'upgrade' && retries !== 0,
    strategy: action === 'install' ? 'uninstall' : (textAt(remediation, 'strategy') ?? DEFAULTS.strategy),
    retriesOnFailure: textAt(object, 'spec', action, 'strategy', 'name') === 'RetryOnFailure',
  };
}

/** What Flux itself applies, and whether it goes on doing so. */
export function unitFacts({ units }: LoadedTree) {
  return units.map(({ name, path, owner, elsewhere, documents }) => ({
    name,
    path,
    /** Null: no Flux Kustomization in the tree applies this folder. */
    place: owner === undefined ? null : `${owner.file}:${String(owner.lineOf([]))}`,
    elsewhere,
    objects: documents.length,
    ...(owner === undefined
      ? {}
      : {
          suspended: at(owner.object, 'spec', 'suspend') === true,
          prunes: at(owner.object, 'spec', 'prune') === true,
          waits: at(owner.object, 'spec', 'wait') === true,
          intervalMs: durationAt(owner.object, 'spec', 'interval') ?? null,
          dependsOn: listAt(owner.object, 'spec', 'dependsOn').map((one) => textAt(one, 'name') ?? ''),
        }),
  }));
}

/** Where the charts come from, and bases that lie in other repositories. */
export function sourceFacts(releases: readonly Release[], { units, remotes }: LoadedTree) {
  const documents = units.flatMap((unit) => unit.documents);
  const used = new Set(releases.map(({ document }) => sourceOf(document.object, documents)));
  const ownSources = new Set(
    units.map(({ owner }) => (owner === undefined ? '' : textAt(owner.object, 'spec', 'sourceRef', 'name'))),
  );
  const objects = documents.filter(({ object }) => isKind(object, groups.source, kindOf(object)));
  const sources = objects.map((document) => {
    const spec = mappingAt(document.object, 'spec');
    const kind = kindOf(document.object);
    // What a HelmRepository holds is pinned by each release.
    const pinned =
      kind === 'HelmRepository'
        ? undefined
        : kind === 'Bucket'
          ? { pin: 'moving' as const, ref: '' }
          : pinOfReference(spec);
    return {
      name: `${kind}/${nameOf(document.object)}`,
      place: `${document.file}:${String(document.lineOf([]))}`,
      url: withoutCredentials(textAt(spec, 'url') ?? textAt(spec, 'endpoint') ?? ''),
      suspended: spec.suspend === true,
      encrypted: textAt(spec, 'url')?.startsWith('http://') !== true && spec.insecure !== true,
      usedByRelease: used.has(document),
      isOwn: kind !== 'HelmRepository' && ownSources.has(nameOf(document.object)),
      ref: pinned?.ref ?? '',
      pin: pinned?.pin ?? 'exact',
    };
  });
  const bases = remotes.map(({ place, url, ref }) => ({
    name: 'remote base',
    place,
    url,
    suspended: false,
    encrypted: !url.startsWith('http://'),
    usedByRelease: true,
    isOwn: false,
    ref: ref ?? 'no ref',
    pin:
      ref === undefined
        ? ('none' as const)
        : /^[0-9a-f]{40}$|\d+\.\d+/.test(ref)
          ? ('exact' as const)
          : ('moving' as const),
  }));
  return [...sources, ...bases];
}

function durationAt(object: unknown, ...path: string[]): number | undefined {
  const duration = textAt(object, ...path);
  return duration === undefined ? undefined : milliseconds(duration);
}
