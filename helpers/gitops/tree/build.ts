import { posix } from 'node:path';
import { parseText, placeOf } from './document.ts';
import type { Parsed, SourceDocument, Trouble } from './document.ts';
import type { TreeFiles } from './files.ts';
import { generated } from './generate.ts';
import { groupOf, groups, kindOf, listAt, nameOf, textAt, textsAt } from './objects.ts';
import { transform } from './transform.ts';

/** What a folder comes to, as `kustomize build` would put it together. */
export interface Built extends Parsed {
  /** Bases that lie in other repositories, with the ref that pins them, if any. */
  remotes: { place: string; url: string; ref?: string }[];
  /** What of a kustomization is not applied here, so that objects may look otherwise on the cluster. */
  notApplied: Trouble[];
}

const KUSTOMIZATION = /(^|\/)(kustomization\.ya?ml|Kustomization)$/;

const REMOTE = /^(https?:\/\/|ssh:\/\/|git@|git::|github\.com\/)/;

/** Puts a folder together: by its kustomization, or, as Flux does where there is none, from all YAML files below it. */
export function buildFolder(files: TreeFiles, folder: string): Built {
  return kustomizationIn(files, folder) === undefined ? walk(files, folder) : kustomize(files, folder, []);
}

function empty(): Built {
  return { documents: [], troubles: [], remotes: [], notApplied: [] };
}

function joined(parts: readonly Built[]): Built {
  return {
    documents: parts.flatMap(({ documents }) => documents),
    troubles: parts.flatMap(({ troubles }) => troubles),
    remotes: parts.flatMap(({ remotes }) => remotes),
    notApplied: parts.flatMap(({ notApplied }) => notApplied),
  };
}

function kustomizationIn(files: TreeFiles, folder: string): string | undefined {
  const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
  return names.map((name) => posix.join(folder, name)).find((file) => 'kind' in files.resolve('.', file));
}

function walk(files: TreeFiles, folder: string): Built {
  const { files: own, folders } = files.list(folder);
  return joined([
    ...own.map((file) => readObjects(files, file)),
    ...folders.map((inner) =>
      kustomizationIn(files, inner) === undefined ? walk(files, inner) : kustomize(files, inner, []),
    ),
  ]);
}

/** The objects of one file; lists of objects are taken apart. */
function readObjects(files: TreeFiles, file: string): Built {
  const read = files.text(file);
  if ('problem' in read) return { ...empty(), troubles: [{ place: file, what: read.problem }] };
  const { documents, troubles } = parseText(read.text, file);
  const objects = documents.flatMap(unlist);
  const isObject = ({ object }: SourceDocument) => kindOf(object) !== '' && textAt(object, 'apiVersion') !== undefined;
  const others = objects.filter((document) => !isObject(document));
  const nameless = objects.filter((document) => isObject(document) && nameOf(document.object) === '');
  return {
    ...empty(),
    documents: objects.filter((document) => isObject(document) && !nameless.includes(document)),
    troubles: [
      ...troubles,
      ...others.map((document) => ({ place: placeOf(document), what: 'is no object of Kubernetes: it has no kind' })),
      ...nameless.map((document) => ({
        place: placeOf(document),
        what: `is a ${kindOf(document.object)} without a name`,
      })),
    ],
  };
}

function unlist(document: SourceDocument): SourceDocument[] {
  if (kindOf(document.object) !== 'List' || !Array.isArray(document.object.items)) return [document];
  return listAt(document.object, 'items').map((object, index) => ({
    file: document.file,
    object,
    lineOf: (path) => document.lineOf(['items', index, ...path]),
  }));
}

/** @param stack the folders whose kustomizations led here. */
function kustomize(files: TreeFiles, folder: string, stack: readonly string[]): Built {
  const file = kustomizationIn(files, folder);
  const read = file === undefined ? undefined : files.text(file);
  if (file === undefined || read === undefined)
    return { ...empty(), troubles: [{ place: folder, what: 'is a folder without a kustomization.yaml' }] };
  if ('problem' in read) return { ...empty(), troubles: [{ place: file, what: read.problem }] };
  const parsed = parseText(read.text, file);
  const [document] = parsed.documents;
  if (document === undefined || parsed.troubles.length > 0)
    return {
      ...empty(),
      troubles: [...parsed.troubles, ...(document === undefined ? [{ place: file, what: 'is empty' }] : [])],
    };
  const group = groupOf(document.object);
  if (group !== '' && group !== groups.kustomize)
    return { ...empty(), troubles: [{ place: placeOf(document), what: `is a ${group} and no kustomization` }] };

  const trail = [...stack, folder];
  const built = joined([
    ...['resources', 'bases', 'components'].flatMap((field) =>
      textsAt(document.object, field).map((entry, index) => follow(files, document, { field, index, entry }, trail)),
    ),
    { ...empty(), ...generated(files, document, folder) },
  ]);
  return transform(files, built, document, folder);
}

/** What one entry of a kustomization leads to. */
function follow(
  files: TreeFiles,
  document: SourceDocument,
  { field, index, entry }: { field: string; index: number; entry: string },
  trail: readonly string[],
): Built {
  const place = placeOf(document, [field, index]);
  const folder = trail.at(-1) ?? '.';
  if (REMOTE.test(entry)) {
    const ref = /[?&](?:ref|version)=([^&]+)/.exec(entry)?.[1];
    const url = withoutCredentials(entry);
    return { ...empty(), remotes: [{ place, url, ...(ref === undefined ? {} : { ref }) }] };
  }
  const found = files.resolve(folder, entry);
  if ('problem' in found) return { ...empty(), troubles: [{ place, what: `"${entry}" ${found.problem}` }] };
  if (found.kind === 'file') {
    if (KUSTOMIZATION.test(found.path))
      return { ...empty(), troubles: [{ place, what: `"${entry}" is a kustomization: name its folder` }] };
    return readObjects(files, found.path);
  }
  if (trail.includes(found.path)) {
    const circle = [...trail.slice(trail.indexOf(found.path)), found.path].join(' → ');
    return { ...empty(), troubles: [{ place, what: `leads in a circle: ${circle}` }] };
  }
  return kustomize(files, found.path, trail);
}

/** An address as it may be written down: a password in it stays where it is. */
export function withoutCredentials(url: string): string {
  return url.replace(/^(\w[\w+.-]*:\/\/)[^/@]*@/, '$1');
}
