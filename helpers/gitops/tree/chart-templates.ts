import { posix } from 'node:path';
import type { LoadedTree } from './load.ts';
import { chartFolder } from './releases.ts';
import type { Release } from './releases.ts';

/** The templates of a chart that lies in the tree; none for one that has to be fetched. */
export function readable(release: Release, tree: LoadedTree): string[] {
  const folder = chartFolder(release, tree);
  const templates = folder === undefined ? undefined : tree.files.resolve(folder, 'templates');
  if (templates === undefined || 'problem' in templates || templates.kind === 'file') return [];
  return textsBelow(tree, templates.path);
}

function textsBelow(tree: LoadedTree, folder: string): string[] {
  const { files, folders } = tree.files.list(posix.normalize(folder));
  const texts = files.flatMap((file) => {
    const read = tree.files.text(file);
    return 'text' in read ? [read.text] : [];
  });
  return [...texts, ...folders.flatMap((inner) => textsBelow(tree, inner))];
}
