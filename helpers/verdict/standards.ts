import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checksOf } from './evaluate.ts';
import type { Standard } from './types.ts';

/** Where the standards stand: one folder of specs each, with its `standard.ts`. */
const TESTS = join(import.meta.dirname, '../../tests');

/** Where the specs of a standard stand. */
export function standardFolder(id: string, tests = TESTS): string {
  return join(tests, id);
}

/** Whether `standard` is for targets of this kind; one of unknown kind is held to all. */
export function appliesTo({ targetKinds }: Pick<Standard, 'targetKinds'>, kind: string | undefined): boolean {
  return targetKinds === undefined || kind === undefined || targetKinds.includes(kind);
}

/** Every standard that has a folder; a new one is added by adding its folder, nothing else. Sorted by folder name. */
export async function loadStandards(tests = TESTS): Promise<Standard[]> {
  const folders = readdirSync(tests, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = folders.map(({ name }) => join(tests, name, 'standard.ts')).filter((file) => existsSync(file));
  const modules = await Promise.all(
    files.toSorted().map((file) => import(pathToFileURL(file).href) as Promise<{ default: Standard }>),
  );
  return modules.map((module) => module.default);
}

/** The experiments behind each row of the standards, by `STANDARD/ROW`. */
export function experimentsOf(standards: readonly Standard[]): Map<string, string[]> {
  return new Map(
    standards.flatMap(({ id, items }) =>
      items.map(
        (item) => [`${id}/${item.id}`, [...new Set(checksOf(item).map(({ experiment }) => experiment))]] as const,
      ),
    ),
  );
}
