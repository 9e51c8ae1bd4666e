import type { Built } from './build.ts';
import { placeOf } from './document.ts';
import type { Mapping, SourceDocument, Trouble } from './document.ts';
import type { TreeFiles } from './files.ts';
import { at, groups, isKind, kindOf, listAt, mappingAt, textAt, textsAt } from './objects.ts';
import { applyPatch } from './patch.ts';
import type { Patch } from './patch.ts';

/** Fields of a kustomization that change objects in ways that are not followed here. */
const NOT_FOLLOWED = ['generators', 'transformers', 'replacements', 'helmCharts', 'namePrefix', 'nameSuffix', 'vars'];

/** Namespace, images and patches of a kustomization, for all that it is put together from. */
export function transform(files: TreeFiles, built: Built, document: SourceDocument, folder: string): Built {
  const { object } = document;
  const more: Built = { ...built, troubles: [...built.troubles], notApplied: [...built.notApplied] };
  for (const field of NOT_FOLLOWED) {
    if (at(object, field) !== undefined)
      more.notApplied.push({ place: placeOf(document, [field]), what: `"${field}" is not followed` });
  }
  for (const { path, ...patch } of patchesOf(files, document, folder, more.troubles)) {
    const result = applyPatch(built.documents, patch);
    if ('notApplied' in result)
      more.notApplied.push({ place: placeOf(document, path), what: `the patch ${result.notApplied}` });
    else if (result.changed === 0 && patch.target === undefined)
      more.troubles.push({ place: placeOf(document, path), what: 'is a patch for an object that is not there' });
  }
  const namespace = textAt(object, 'namespace');
  if (namespace !== undefined) for (const one of built.documents) setNamespace(one, namespace);
  for (const image of listAt(object, 'images'))
    for (const one of built.documents) one.object = renamed(one.object, image);
  return more;
}

type PlacedPatch = Patch & { path: (string | number)[] };

function patchesOf(files: TreeFiles, document: SourceDocument, folder: string, troubles: Trouble[]): PlacedPatch[] {
  const { object } = document;
  const fromFile = (path: (string | number)[], file: string, target: Mapping | undefined): PlacedPatch[] => {
    const found = files.resolve(folder, file);
    const read = 'problem' in found ? found : files.text(found.path);
    if ('text' in read) return [{ path, text: read.text, ...(target === undefined ? {} : { target }) }];
    troubles.push({ place: placeOf(document, path), what: `"${file}" ${read.problem}` });
    return [];
  };
  const entries = ['patches', 'patchesJson6902'].flatMap((field) =>
    listAt(object, field).flatMap((entry, index): PlacedPatch[] => {
      const target = at(entry, 'target') === undefined ? undefined : mappingAt(entry, 'target');
      const [inline, file] = [textAt(entry, 'patch'), textAt(entry, 'path')];
      if (inline !== undefined)
        return [{ path: [field, index], text: inline, ...(target === undefined ? {} : { target }) }];
      return file === undefined ? [] : fromFile([field, index], file, target);
    }),
  );
  const merges = textsAt(object, 'patchesStrategicMerge').flatMap((entry, index): PlacedPatch[] => {
    const path = ['patchesStrategicMerge', index];
    return entry.includes('\n') ? [{ path, text: entry }] : fromFile(path, entry, undefined);
  });
  return [...entries, ...merges];
}

/** Kinds that have no namespace and must not be given one, as far as people keep them in Git. */
const CLUSTER_SCOPED =
  /^(Namespace|CustomResourceDefinition|PersistentVolume|StorageClass|PriorityClass|IngressClass|RuntimeClass|APIService|Cluster.*|.*WebhookConfiguration|Validating.*|Mutating.*)$/;

/** Puts an object into a namespace, unless its kind has none. */
export function setNamespace(document: SourceDocument, namespace: string): void {
  if (CLUSTER_SCOPED.test(kindOf(document.object))) return;
  document.object = { ...document.object, metadata: { ...mappingAt(document.object, 'metadata'), namespace } };
}

/** The object with every `image:` of that name changed as `images:` says. */
function renamed(object: Mapping, { name, newName, newTag, digest }: Mapping): Mapping {
  const change = (node: unknown, key?: string): unknown => {
    if (Array.isArray(node)) return node.map((entry) => change(entry));
    if (typeof node === 'object' && node !== null)
      return Object.fromEntries(Object.entries(node).map(([inner, value]) => [inner, change(value, inner)]));
    const [, repository, rest = ''] = typeof node === 'string' ? (/^(.+?)([:@][^/]*)?$/.exec(node) ?? []) : [];
    if (key !== 'image' || repository !== name) return node;
    const end = typeof digest === 'string' ? `@${digest}` : typeof newTag === 'string' ? `:${newTag}` : rest;
    return `${typeof newName === 'string' ? newName : repository}${end}`;
  };
  return isKind(object, groups.helm, 'HelmRelease') ? object : (change(object) as Mapping);
}
