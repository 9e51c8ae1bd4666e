import { existsSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Path } from '../config/document.ts';
import { didYouMean } from '../config/suggest.ts';
import { boundaryOf, problemOf } from './boundary.ts';
import { changeInconsistencies } from './changes-consistency.ts';
import { failureInconsistencies } from './failures.ts';
import { gitopsInconsistencies } from './gitops-consistency.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { TargetDeclaration } from './schema.ts';
import { unknownWaivers } from './waivers.ts';
import { upgradeInconsistencies, upgradeReferences } from './upgrade-consistency.ts';

/** A mistake that the schema cannot see: it lies between fields, or between a field and the files that it names. */
export interface Inconsistency {
  path: Path;
  what: string;
  fix: string;
}

/** Everything in the declaration that does not fit together, or does not fit the files of its folder. Reads files, changes none. */
export function inconsistencies(target: TargetDeclaration, folder: string): Inconsistency[] {
  return [
    ...duplicates(target.releases, ['releases'], 'release'),
    ...duplicates(target.secrets, ['secrets'], 'Secret'),
    ...duplicates(target.images, ['images'], 'image'),
    ...paths(target, folder),
    ...unknownWaivers(target),
    ...placeholders(target),
    ...signingSecrets(target),
    ...existingDeployment(target),
    ...workerRelease(target),
    ...gitopsPaths(target, folder),
    ...gitopsInconsistencies(target, folder),
    ...failureInconsistencies(target),
    ...upgradeInconsistencies(target, folder),
    ...changeInconsistencies(target, folder),
  ];
}

export function duplicates(items: readonly { name: string }[], path: Path, kind: string): Inconsistency[] {
  return items.flatMap(({ name }, index) => {
    const first = items.findIndex((item) => item.name === name);
    if (first === index) return [];
    return [
      {
        path: [...path, index, 'name'],
        what: `The ${kind} "${name}" is declared twice`,
        fix: `rename it, or remove one of entries ${String(first)} and ${String(index)}`,
      },
    ];
  });
}

function paths(target: TargetDeclaration, folder: string): Inconsistency[] {
  return wrongFiles(references(target), folder);
}

/** What a declaration says of a file, and where it says so. */
export interface NamedFile {
  path: Path;
  file: string;
  kind: Kind;
}

/** Those of the named files that are not there, lie outside of what may be read, or are something else than they have to be. */
export function wrongFiles(named: readonly NamedFile[], folder: string): Inconsistency[] {
  const boundary = boundaryOf(folder);
  return named.flatMap(({ path, file, kind }) => {
    const problem = problemOf(file, folder, boundary) ?? wrongKind(file, resolve(folder, file), kind);
    return problem === undefined ? [] : [{ path, ...problem }];
  });
}

type Kind = 'file' | 'folder' | 'chart' | 'image';

/** Every place where the declaration names a file. */
function references(target: TargetDeclaration): NamedFile[] {
  const releases = target.releases.flatMap((release, index) => [
    ...('path' in release.chart
      ? [{ path: ['releases', index, 'chart', 'path'], file: release.chart.path, kind: 'chart' as const }]
      : []),
    ...release.values.map((file, at) => ({ path: ['releases', index, 'values', at], file, kind: 'file' as const })),
  ]);
  const docs = Object.entries(target.docs).flatMap(([name, file]) =>
    // Optional fields may be there without a value, says the type.
    file === undefined
      ? []
      : [{ path: ['docs', name], file, kind: name === 'runbooks' ? ('folder' as const) : ('file' as const) }],
  );
  const images = target.images.map(({ context }, index) => ({
    path: ['images', index, 'context'],
    file: context,
    kind: 'image' as const,
  }));
  const trees =
    target.gitops === undefined
      ? []
      : [{ path: ['gitops', 'tree'], file: target.gitops.tree, kind: 'folder' as const }];
  const architecture =
    target.architecture === undefined
      ? []
      : [{ path: ['architecture'], file: target.architecture, kind: 'file' as const }];
  const support =
    target.support === undefined ? [] : [{ path: ['support'], file: target.support, kind: 'file' as const }];
  return [...releases, ...docs, ...images, ...trees, ...architecture, ...support, ...upgradeReferences(target)];
}

function wrongKind(file: string, full: string, kind: Kind): { what: string; fix: string } | undefined {
  const isFolder = statSync(full).isDirectory();
  if (isFolder !== (kind !== 'file')) {
    return { what: `"${file}" is a ${isFolder ? 'folder' : 'file'}`, fix: `name a ${isFolder ? 'file' : 'folder'}` };
  }
  const wanted = kind === 'chart' ? 'Chart.yaml' : kind === 'image' ? 'image.yaml' : undefined;
  if (wanted === undefined || existsSync(join(full, wanted))) return undefined;
  return { what: `"${file}" has no ${wanted}`, fix: `name the folder that holds ${wanted}` };
}

function placeholders(target: TargetDeclaration): Inconsistency[] {
  const images = target.images.map(({ name }) => name);
  return target.releases.flatMap((release, index) =>
    Object.entries(release.set).flatMap(([key, value]) =>
      unknownPlaceholders(value, images).map((problem) => ({ path: ['releases', index, 'set', key], ...problem })),
    ),
  );
}

interface SecretKey {
  secret: string;
  key: string;
}

/** A token can only be signed with, or taken from, a Secret that the trial puts there itself. */
function signingSecrets(target: TargetDeclaration): Inconsistency[] {
  const { auth } = target.mcp;
  return [
    ...('jwt' in auth ? declaredSecret(target, auth.jwt, ['mcp', 'auth', 'jwt']) : []),
    ...('bearer' in auth && 'secret' in auth.bearer
      ? declaredSecret(target, auth.bearer, ['mcp', 'auth', 'bearer'])
      : []),
    ...(target.worker !== undefined && 'secret' in target.worker.secret
      ? declaredSecret(target, target.worker.secret, ['worker', 'secret'])
      : []),
  ];
}

function declaredSecret(target: TargetDeclaration, { secret, key }: SecretKey, path: Path): Inconsistency[] {
  const declared = target.secrets.find(({ name }) => name === secret);
  if (declared === undefined) {
    const names = target.secrets.map(({ name }) => name);
    const fix =
      didYouMean(secret, names) ??
      `declare it under "secrets:"${names.length === 0 ? '' : `, or use one of ${names.join(', ')}`}`;
    return [{ path: [...path, 'secret'], what: `The Secret "${secret}" is not declared under "secrets:"`, fix }];
  }
  const keys = Object.keys(declared.keys);
  if (keys.includes(key)) return [];
  return [
    {
      path: [...path, 'key'],
      what: `The Secret "${secret}" has no key "${key}"`,
      fix: didYouMean(key, keys) ?? `use one of ${keys.join(', ')}`,
    },
  ];
}

/** Nothing is built for, or put beside, what is there already. */
function existingDeployment({ existing, images, secrets }: TargetDeclaration): Inconsistency[] {
  if (existing === undefined) return [];
  const made = [...(images.length > 0 ? ['images'] : []), ...(secrets.length > 0 ? ['secrets'] : [])];
  return made.map((field) => ({
    path: [field],
    what: `"${field}" are declared, but the deployment is there already`,
    fix: `remove "${field}:", or remove "existing:" to let the trial install it`,
  }));
}

function workerRelease({ worker, releases, existing }: TargetDeclaration): Inconsistency[] {
  if (worker === undefined) return [];
  const names = releases.map(({ name }) => name);
  if (worker.release === undefined) {
    if (existing !== undefined || 'env' in worker.endpoint) return [];
    return [
      {
        path: ['worker'],
        what: 'Nothing says which release deploys the worker',
        fix: `add "release: ${names[0] ?? ''}"`,
      },
    ];
  }
  if (names.includes(worker.release)) return [];
  return [
    {
      path: ['worker', 'release'],
      what: `There is no release "${worker.release}"`,
      fix: didYouMean(worker.release, names) ?? `use one of ${names.join(', ')}`,
    },
  ];
}

/** What lies in the tree is named from the tree's root. */
function gitopsPaths({ gitops }: TargetDeclaration, folder: string): Inconsistency[] {
  if (gitops === undefined) return [];
  const tree = resolve(folder, gitops.tree);
  // That there is no such tree is told with the other paths.
  if (!existsSync(tree) || !statSync(tree).isDirectory()) return [];
  const { configuration, path, changes } = gitops;
  const named = [
    ...Object.entries(changes).flatMap(([name, change]) =>
      // Optional fields may be there without a value, says the type.
      change === undefined
        ? []
        : [{ path: ['gitops', 'changes', name, 'file'], file: change.file, kind: 'file' as const }],
    ),
    { path: ['gitops', 'path'], file: path, kind: 'folder' as const },
    ...Object.entries(configuration).flatMap(([what, places = []]) =>
      places.map((place, index) => ({
        path: ['gitops', 'configuration', what, index],
        file: place.replace(/#.*/, ''),
        kind: 'file' as const,
      })),
    ),
  ];
  return named.flatMap(({ path: field, file, kind }) => {
    const problem = problemOf(file, tree, realpathSync(tree)) ?? wrongKind(file, resolve(tree, file), kind);
    return problem === undefined ? [] : [{ path: field, ...problem }];
  });
}
