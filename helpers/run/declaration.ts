import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { AnyTarget } from '../target/any.ts';
import type { Run } from './run.ts';

/** Larger than any file of values that people write, in bytes. */
const LARGEST = 1 << 20;

/**
 * Keeps what the target declares as it is now, in `target/NAME/` of the run's folder: its `target.yaml`, its architecture, and every file of
 * values that it names. They hold no secrets: those are random, or come from the environment.
 */
export function keepDeclaration(run: Run, target: AnyTarget): void {
  const named = [...valuesIn(target), ...('architecture' in target ? [target.architecture] : [])];
  const files = [
    target.file,
    ...named.flatMap((name) => (typeof name === 'string' ? [resolve(target.folder, name)] : [])),
  ];
  for (const file of new Set(files)) {
    const path = relative(target.folder, file);
    if (path.startsWith(`..${sep}`) || !existsSync(file) || !statSync(file).isFile() || statSync(file).size > LARGEST)
      continue;
    const copy = join(run.folder, 'target', target.name, path);
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(file, copy, { dereference: true });
  }
}

/** Files that stand under `values` anywhere in a declaration: those of releases, of changes and of other versions. */
function valuesIn(node: unknown): unknown[] {
  if (Array.isArray(node)) return node.flatMap(valuesIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'values' && Array.isArray(value) ? (value as unknown[]) : valuesIn(value),
  );
}
