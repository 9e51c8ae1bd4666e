import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { didYouMean } from '../config/suggest.ts';
import { textOf } from '../files.ts';
import { missingPlaces } from '../gitops/edit.ts';
import type { Inconsistency } from './consistency.ts';
import type { TargetDeclaration } from './schema.ts';

/** What the trial would commit or fill in, and has no place in the tree. What does not exist at all is told elsewhere. */
export function gitopsInconsistencies({ gitops, images }: TargetDeclaration, folder: string): Inconsistency[] {
  if (gitops === undefined) return [];
  const tree = resolve(folder, gitops.tree);
  return [...changes(gitops.changes, tree), ...placeholders(join(tree, gitops.path), images)];
}

type Changes = NonNullable<TargetDeclaration['gitops']>['changes'];

function changes(declared: Changes, tree: string): Inconsistency[] {
  return Object.entries(declared).flatMap(([name, change]) => {
    // Optional fields may be there without a value, says the type.
    if (change === undefined || !isFile(join(tree, change.file))) return [];
    const missing = missingPlaces(textOf(join(tree, change.file)), Object.keys(change.set));
    return missing.map((field) => ({
      path: ['gitops', 'changes', name, 'set', field],
      what: `${change.file} has no place for ${field}`,
      fix: 'name a field whose parents are in the file, parts joined by dots, places in lists by their number',
    }));
  });
}

const PLACEHOLDER = /\$\{([^{}]*)\}/g;

function placeholders(folder: string, images: TargetDeclaration['images']): Inconsistency[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  const known = images.flatMap(({ name }) => [`images.${name}.repository`, `images.${name}.tag`]);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) =>
      [...textOf(file).matchAll(PLACEHOLDER)].flatMap(([whole, name = '']) =>
        // Variables of Flux have no dots in their names: a name with dots is meant for the trial.
        known.includes(name) || !name.includes('.')
          ? []
          : [
              {
                path: ['gitops', 'path'],
                what: `${relative(folder, file)} has the unknown placeholder ${whole}`,
                fix: didYouMean(name, known) ?? `use one of ${known.map((one) => `\${${one}}`).join(', ') || 'none'}`,
              },
            ],
      ),
    );
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
