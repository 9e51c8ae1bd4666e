import { duplicates, wrongFiles } from '../consistency.ts';
import type { Inconsistency, NamedFile } from '../consistency.ts';
import { unknownPlaceholders } from '../placeholders.ts';
import { unknownWaivers } from '../waivers.ts';
import { accuracyRules } from './rules/accuracy.ts';
import { engineRules } from './rules/engines.ts';
import { limitRules } from './rules/limits.ts';
import { resourceRules } from './rules/resources.ts';
import { sampleRules } from './rules/samples.ts';
import { servingRules } from './rules/serving.ts';
import { strategyRules } from './rules/strategy.ts';
import { versionRules } from './rules/versions.ts';
import type { ModelDeclaration } from './schema.ts';

/** What `set` may say of the version that is being deployed, beside what it may say anyway. */
const versionPlaceholders = ['version.repository', 'version.tag', 'version.modelVersion'] as const;

/** Everything in the declaration that does not fit together, or does not fit the files of its folder. Reads files, changes none. */
export function modelInconsistencies(model: ModelDeclaration, folder: string): Inconsistency[] {
  return [
    ...duplicates(model.releases, ['releases'], 'release'),
    ...duplicates(model.secrets, ['secrets'], 'Secret'),
    ...duplicates(model.images, ['images'], 'image'),
    ...duplicates(model.samples, ['samples'], 'sample'),
    ...wrongFiles(namedFiles(model), folder),
    ...unknownWaivers(model),
    ...placeholders(model),
    ...strategyRules(model),
    ...engineRules(model),
    ...resourceRules(model),
    ...limitRules(model),
    ...servingRules(model),
    ...versionRules(model),
    ...sampleRules(model),
    ...accuracyRules(model, folder),
  ];
}

/** Every place where the declaration names a file. */
function namedFiles({ releases, images, accuracy }: ModelDeclaration): NamedFile[] {
  return [
    ...releases.flatMap((release, index): NamedFile[] => [
      ...('path' in release.chart
        ? [{ path: ['releases', index, 'chart', 'path'], file: release.chart.path, kind: 'chart' as const }]
        : []),
      ...release.values.map((file, at) => ({ path: ['releases', index, 'values', at], file, kind: 'file' as const })),
    ]),
    ...images.map(({ context }, index) => ({
      path: ['images', index, 'context'],
      file: context,
      kind: 'image' as const,
    })),
    ...(accuracy === undefined
      ? []
      : [{ path: ['accuracy', 'dataset'], file: accuracy.dataset, kind: 'file' as const }]),
  ];
}

function placeholders({ releases, images }: ModelDeclaration): Inconsistency[] {
  const names = images.map(({ name }) => name);
  return releases.flatMap((release, index) =>
    Object.entries(release.set).flatMap(([key, value]) =>
      unknownPlaceholders(value, names, versionPlaceholders).map((problem) => ({
        path: ['releases', index, 'set', key],
        ...problem,
      })),
    ),
  );
}
