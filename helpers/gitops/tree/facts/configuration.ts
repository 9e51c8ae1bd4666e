import { posix } from 'node:path';
import { parseText } from '../document.ts';
import type { LoadedTree } from '../load.ts';
import { at } from '../objects.ts';

/** Which of the three kinds of configuration are in Git, as far as the target says where. */
export interface ConfigurationFact {
  kind: 'gateway' | 'server' | 'policy';
  /** `file#field`, as declared. */
  places: { place: string; found: boolean }[];
}

/** Looks whether what the target names is there, and not empty. */
export function configurationFacts(
  tree: LoadedTree,
  declared: Partial<Record<ConfigurationFact['kind'], readonly string[] | undefined>>,
): ConfigurationFact[] {
  return (['gateway', 'server', 'policy'] as const).map((kind) => ({
    kind,
    places: (declared[kind] ?? []).map((place) => ({ place, found: isThere(tree, place) })),
  }));
}

function isThere({ files }: LoadedTree, place: string): boolean {
  const [file = '', field] = place.split('#');
  const found = files.resolve('.', posix.normalize(file));
  if ('problem' in found || found.kind === 'folder') return false;
  const read = files.text(found.path);
  if ('problem' in read) return false;
  if (field === undefined) return read.text.trim() !== '';
  return parseText(read.text, file).documents.some(({ object }) => isSomething(at(object, ...field.split('.'))));
}

/** False, zero and an empty list say something, too; an empty text does not. */
function isSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
