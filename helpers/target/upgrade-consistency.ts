import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readDocument } from '../config/document.ts';
import type { Path } from '../config/document.ts';
import { didYouMean } from '../config/suggest.ts';
import type { Inconsistency } from './consistency.ts';
import { unknownPlaceholders } from './placeholders.ts';
import type { ChartSource, TargetDeclaration } from './schema.ts';

/** A file that the declaration names. */
interface Reference {
  path: Path;
  file: string;
  kind: 'file' | 'chart' | 'image';
}

/** Every place below `upgrade` that names a file. */
export function upgradeReferences({ upgrade }: TargetDeclaration): Reference[] {
  const previous = upgrade?.previous;
  const files = (names: readonly string[] = [], path: Path): Reference[] =>
    names.map((file, at) => ({ path: [...path, 'values', at], file, kind: 'file' }));
  return [
    ...(previous?.images ?? []).map(({ context }, index): Reference => ({
      path: ['upgrade', 'previous', 'images', index, 'context'],
      file: context,
      kind: 'image',
    })),
    ...(previous?.releases ?? []).flatMap(({ chart, values }, index): Reference[] => {
      const path = ['upgrade', 'previous', 'releases', index];
      return [
        ...('path' in chart ? [{ path: [...path, 'chart', 'path'], file: chart.path, kind: 'chart' as const }] : []),
        ...files(values, path),
      ];
    }),
    ...failuresOf(upgrade).flatMap(([name, { values }]) => files(values, ['upgrade', 'failures', name])),
  ];
}

/** What does not fit together below `upgrade`. */
export function upgradeInconsistencies(target: TargetDeclaration, folder: string): Inconsistency[] {
  if (target.upgrade === undefined) return [];
  return [...previousReleases(target, folder), ...rollbackOrder(target), ...failing(target), ...placeholders(target)];
}

function previousReleases(target: TargetDeclaration, folder: string): Inconsistency[] {
  const previous = target.upgrade?.previous?.releases ?? [];
  return previous.flatMap(({ name, chart }, index) => {
    const path: Path = ['upgrade', 'previous', 'releases', index];
    const release = target.releases.find((candidate) => candidate.name === name);
    if (release === undefined) return unknownRelease(target, name, [...path, 'name']);
    if (previous.findIndex((other) => other.name === name) !== index) {
      const fix = 'remove one of the two entries';
      return [{ path: [...path, 'name'], what: `The release "${name}" is declared twice`, fix }];
    }
    const [before, now] = [versionOf(chart, folder), versionOf(release.chart, folder)];
    if (before === undefined || before !== now) return [];
    return [
      {
        path: [...path, 'chart'],
        what: `The previous chart of "${name}" has version ${before}, which is the present one`,
        fix: 'name the chart of the version before, or remove this entry if the release did not change',
      },
    ];
  });
}

/** Undefined when it cannot be known without asking anybody, and for charts that are not there: that is told elsewhere. */
function versionOf(chart: ChartSource, folder: string): string | undefined {
  if ('version' in chart) return chart.version.replace(/^v/, '');
  const file = join(resolve(folder, chart.path), 'Chart.yaml');
  if (!existsSync(file)) return undefined;
  try {
    const version = (readDocument(file).value as { version?: unknown } | null)?.version;
    return typeof version === 'string' ? version.replace(/^v/, '') : undefined;
  } catch {
    // That it is no YAML is told when the chart is resolved.
    return undefined;
  }
}

function rollbackOrder(target: TargetDeclaration): Inconsistency[] {
  const order = target.upgrade?.rollbackOrder;
  if (order === undefined) return [];
  const unknown = order.flatMap((name, index) =>
    target.releases.some((release) => release.name === name)
      ? []
      : unknownRelease(target, name, ['upgrade', 'rollbackOrder', index]),
  );
  const missing = target.releases.map(({ name }) => name).filter((name) => !order.includes(name));
  if (unknown.length > 0 || missing.length === 0) return unknown;
  return [
    {
      path: ['upgrade', 'rollbackOrder'],
      what: `The order does not say when ${missing.map((name) => `"${name}"`).join(' and ')} is rolled back`,
      fix: `name every release: ${target.releases.map(({ name }) => name).join(', ')}`,
    },
  ];
}

function failing(target: TargetDeclaration): Inconsistency[] {
  return failuresOf(target.upgrade).flatMap(([name, failure]): Inconsistency[] => {
    const path: Path = ['upgrade', 'failures', name];
    return [
      ...(target.releases.some((release) => release.name === failure.release)
        ? []
        : unknownRelease(target, failure.release, [...path, 'release'])),
      ...(failure.values.length > 0 || Object.keys(failure.set).length > 0
        ? []
        : [{ path, what: 'Nothing says what makes this upgrade fail', fix: 'add values: or set:' }]),
      ...(failure.from === 'previous' && target.upgrade?.previous === undefined
        ? [
            {
              path: [...path, 'from'],
              what: 'There is no previous version to come from',
              fix: 'declare upgrade.previous, or remove this line',
            },
          ]
        : []),
    ];
  });
}

function placeholders(target: TargetDeclaration): Inconsistency[] {
  const previous = target.upgrade?.previous;
  const current = target.images.map(({ name }) => name);
  const before = [...new Set([...current, ...(previous?.images ?? []).map(({ name }) => name)])];
  const sets = [
    ...(previous?.releases ?? []).map(({ set = {} }, index) => ({
      path: ['upgrade', 'previous', 'releases', index, 'set'],
      set,
      images: before,
    })),
    ...failuresOf(target.upgrade).map(([name, { set }]) => ({
      path: ['upgrade', 'failures', name, 'set'],
      set,
      images: current,
    })),
  ];
  return sets.flatMap(({ path, set, images }) =>
    Object.entries(set).flatMap(([key, value]) =>
      unknownPlaceholders(value, images).map((problem) => ({ path: [...path, key], ...problem })),
    ),
  );
}

type Upgrade = NonNullable<TargetDeclaration['upgrade']>;

/** The failures that are declared, by their names. */
function failuresOf(upgrade: Upgrade | undefined) {
  return Object.entries(upgrade?.failures ?? {}) as [
    string,
    NonNullable<Upgrade['failures'][keyof Upgrade['failures']]>,
  ][];
}

function unknownRelease({ releases }: TargetDeclaration, name: string, path: Path): Inconsistency[] {
  const names = releases.map((release) => release.name);
  return [
    { path, what: `There is no release "${name}"`, fix: didYouMean(name, names) ?? `use one of ${names.join(', ')}` },
  ];
}
