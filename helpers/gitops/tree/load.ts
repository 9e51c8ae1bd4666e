import { posix } from 'node:path';
import { buildFolder } from './build.ts';
import type { Built } from './build.ts';
import { parseText, placeOf } from './document.ts';
import type { SourceDocument, Trouble } from './document.ts';
import { TreeFiles } from './files.ts';
import { at, groups, identityOf, isKind, listAt, mappingAt, nameOf, namespaceOf, textAt } from './objects.ts';
import { putStandIns } from './substitute.ts';
import { setNamespace } from './transform.ts';
import { fillIn } from './variables.ts';
import type { Missing } from './variables.ts';

/** What one Flux Kustomization applies; or the folder itself, where no Flux Kustomization in the tree names it. */
export interface Unit {
  /** `flux-system/arcade`, or the path of the folder. */
  name: string;
  path: string;
  /** The Flux Kustomization. */
  owner?: SourceDocument;
  /** Names of the units in which the Flux Kustomization itself stands. */
  parents: string[];
  /** Its source is another repository: nothing of it can be read here. */
  elsewhere: boolean;
  documents: SourceDocument[];
}

/** A tree as Flux would apply it. */
export interface LoadedTree {
  units: Unit[];
  troubles: Trouble[];
  remotes: Built['remotes'];
  notApplied: Trouble[];
  missing: Missing[];
  /** For what is read beside the objects: files that the target names. */
  files: TreeFiles;
}

/**
 * Reads what deploys a target: the folder `path` of the tree, and from there all that Flux Kustomizations lead to.
 * @param root an existing folder: the root of the Git repository.
 * @param standIns for what the trial itself fills in.
 */
export function loadTree(root: string, path = '.', standIns: ReadonlyMap<string, string> = new Map()): LoadedTree {
  const files = new TreeFiles(root);
  const tree: LoadedTree = { units: [], troubles: [], remotes: [], notApplied: [], missing: [], files };
  const entry = files.resolve('.', path);
  if ('problem' in entry || entry.kind === 'file') {
    tree.troubles.push({ place: path, what: 'problem' in entry ? entry.problem : 'is a file' });
    return tree;
  }
  const owners = ownersOf(files, entry.path);
  const first: Unit = { name: entry.path, path: entry.path, parents: [], elsewhere: false, documents: [] };
  const queue = owners.length === 0 ? [first] : owners.map((owner) => unitOf(owner, []));
  for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
    const known = tree.units.find(({ name }) => name === unit.name);
    if (known !== undefined) {
      known.parents.push(...unit.parents);
      continue;
    }
    tree.units.push(unit);
    if (!unit.elsewhere) queue.push(...read(tree, unit));
  }
  for (const document of tree.units.flatMap(({ documents }) => documents)) putStandIns(document, standIns);
  tree.missing = fillIn(tree.units);
  return tree;
}

/** Reads a unit's folder, and finds the units to which it leads. */
function read(tree: LoadedTree, unit: Unit): Unit[] {
  const found = tree.files.resolve('.', unit.path);
  if ('problem' in found || found.kind === 'file') {
    const place = unit.owner === undefined ? unit.path : placeOf(unit.owner, ['spec', 'path']);
    tree.troubles.push({ place, what: `"${unit.path}" ${'problem' in found ? found.problem : 'is a file'}` });
    return [];
  }
  const { documents, troubles, remotes, notApplied } = buildFolder(tree.files, found.path);
  unit.documents = unit.owner === undefined ? documents : inNamespace(documents, unit.owner);
  tree.troubles.push(...troubles, ...twice(documents));
  tree.remotes.push(...remotes);
  tree.notApplied.push(...notApplied);
  return documents.filter(isFluxKustomization).map((owner) => {
    const child = unitOf(owner, [unit.name]);
    const isThere = 'kind' in tree.files.resolve('.', child.path);
    return { ...child, elsewhere: !isThere && hasOtherSource(owner, unit.owner) };
  });
}

function isFluxKustomization({ object }: SourceDocument): boolean {
  return isKind(object, groups.kustomization, 'Kustomization');
}

function unitOf(owner: SourceDocument, parents: string[]): Unit {
  const { object } = owner;
  const name = `${namespaceOf(object) ?? 'default'}/${nameOf(object)}`;
  // Flux reads the path from the root of its source, with or without a leading slash.
  const path = posix.normalize(`./${textAt(object, 'spec', 'path') ?? '.'}`).replace(/(?<=.)\/$/, '');
  return { name, path, owner, parents, elsewhere: false, documents: [] };
}

/** The Flux Kustomizations, anywhere in the tree, that apply this folder. */
function ownersOf(files: TreeFiles, path: string): SourceDocument[] {
  return yamlFiles(files, '.').flatMap((file) => {
    const read = files.text(file);
    if ('problem' in read || !read.text.includes(groups.kustomization)) return [];
    const owners = parseText(read.text, file).documents.filter(isFluxKustomization);
    return owners.filter((owner) => at(owner.object, 'spec', 'path') !== undefined && unitOf(owner, []).path === path);
  });
}

function yamlFiles(files: TreeFiles, folder: string): string[] {
  const { files: own, folders } = files.list(folder);
  return [...own, ...folders.flatMap((inner) => yamlFiles(files, inner))];
}

function hasOtherSource(owner: SourceDocument, parent: SourceDocument | undefined): boolean {
  const source = mappingAt(owner.object, 'spec', 'sourceRef');
  if (source.kind !== 'GitRepository') return true;
  return parent !== undefined && source.name !== at(parent.object, 'spec', 'sourceRef', 'name');
}

/** `spec.targetNamespace` of a Flux Kustomization takes precedence over what objects say. */
function inNamespace(documents: SourceDocument[], owner: SourceDocument): SourceDocument[] {
  const namespace = textAt(owner.object, 'spec', 'targetNamespace');
  if (namespace === undefined) return documents;
  for (const document of documents) setNamespace(document, namespace);
  return documents;
}

/** One object from two files: kustomize refuses that. */
function twice(documents: readonly SourceDocument[]): Trouble[] {
  const first = new Map<string, SourceDocument>();
  return documents.flatMap((document) => {
    const identity = `${String(document.object.apiVersion)} ${identityOf(document.object)}`;
    const other = first.get(identity);
    first.set(identity, other ?? document);
    return other === undefined ? [] : [{ place: placeOf(document), what: `is there twice, see ${placeOf(other)}` }];
  });
}

/** Names of the units that a unit waits for, as `namespace/name`. */
export function dependenciesOf({ owner }: Unit): string[] {
  if (owner === undefined) return [];
  const own = namespaceOf(owner.object) ?? 'default';
  return listAt(owner.object, 'spec', 'dependsOn').map(
    (dependency) => `${textAt(dependency, 'namespace') ?? own}/${textAt(dependency, 'name') ?? ''}`,
  );
}
