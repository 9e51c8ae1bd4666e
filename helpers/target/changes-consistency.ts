import { realpathSync } from 'node:fs';
import type { Path } from '../config/document.ts';
import { didYouMean } from '../config/suggest.ts';
import { gateways } from '../gateways/registry.ts';
import { apiChanges } from '../gateways/types.ts';
import type { ApiChangeId, GatewayAdapter } from '../gateways/types.ts';
import { boundaryOf, problemOf } from './boundary.ts';
import type { Changes, Overrides } from './changes.ts';
import type { Inconsistency } from './consistency.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { TargetDeclaration } from './schema.ts';

/** What does not fit together in the declared changes: releases, files, placeholders, Secrets, and what the gateway can be asked for. */
export function changeInconsistencies(target: TargetDeclaration, folder: string): Inconsistency[] {
  const { changes } = target;
  if (changes === undefined) return [];
  return [
    ...byValues(changes).flatMap(({ path, release, overrides }) => [
      ...named('release', release, { path: [...path, 'release'], among: target.releases.map(({ name }) => name) }),
      ...overrides.flatMap(([key, value]) => overrideProblems(value, [...path, key], target, folder)),
    ]),
    ...apiChanges.flatMap((id) => (changes[id as keyof Changes] === 'api' ? offered(target, id) : [])),
    ...rotatedSecret(target, changes),
  ];
}

interface ByValuesAt {
  path: Path;
  release: string;
  overrides: [string, Overrides][];
}

/** Every change by Helm values, with its place in the declaration. */
function byValues(changes: Changes): ByValuesAt[] {
  const ways = Object.entries(changes).flatMap(([id, way]): ByValuesAt[] => {
    if (typeof way !== 'object' || !('release' in way)) return [];
    const overrides = [['to', way.to], ...(way.from === undefined ? [] : [['from', way.from]])] as [
      string,
      Overrides,
    ][];
    return [{ path: ['changes', id], release: way.release, overrides }];
  });
  const invalid = changes.invalid.map(({ release, to }, index): ByValuesAt => ({
    path: ['changes', 'invalid', index],
    release,
    overrides: [['to', to]],
  }));
  return [...ways, ...invalid];
}

function named(kind: string, name: string, { path, among }: { path: Path; among: readonly string[] }): Inconsistency[] {
  if (among.includes(name)) return [];
  return [
    {
      path,
      what: `There is no ${kind} "${name}"`,
      fix: didYouMean(name, among) ?? `use one of ${among.join(', ') || 'those that you declare'}`,
    },
  ];
}

function overrideProblems(
  { values, set }: Overrides,
  path: Path,
  { images }: TargetDeclaration,
  folder: string,
): Inconsistency[] {
  const boundary = realpathSync(boundaryOf(folder));
  return [
    ...values.flatMap((file, index) => {
      const problem = problemOf(file, folder, boundary);
      return problem === undefined ? [] : [{ path: [...path, 'values', index], ...problem }];
    }),
    ...Object.entries(set).flatMap(([key, value]) =>
      unknownPlaceholders(
        value,
        images.map(({ name }) => name),
      ).map((problem) => ({ path: [...path, 'set', key], ...problem })),
    ),
  ];
}

/** What goes through the administration needs an adapter that knows how. */
function offered({ gateway }: TargetDeclaration, id: ApiChangeId): Inconsistency[] {
  const path = ['changes', id];
  const fix = 'declare the Helm values that make the change instead, or leave it out';
  if (gateway === undefined)
    return [
      { path, what: 'Nothing says which gateway this is, so nobody knows its administration', fix: 'add "gateway:"' },
    ];
  const adapter: GatewayAdapter = gateways[gateway];
  if (adapter.changes?.[id] !== undefined) return [];
  return [{ path, what: `The administration of ${gateway} is not known to offer "${id}"`, fix }];
}

function rotatedSecret({ secrets }: TargetDeclaration, changes: Changes): Inconsistency[] {
  const rotation = changes['secret-rotation'];
  if (rotation === undefined) return [];
  const path = ['changes', 'secret-rotation'];
  const declared = secrets.find(({ name }) => name === rotation.secret);
  if (declared === undefined)
    return named('Secret', rotation.secret, { path: [...path, 'secret'], among: secrets.map(({ name }) => name) });
  return named('key', rotation.key, { path: [...path, 'key'], among: Object.keys(declared.keys) });
}
