import { basename } from 'node:path';
import { placeOf } from './document.ts';
import type { Mapping, Parsed, SourceDocument } from './document.ts';
import type { TreeFiles } from './files.ts';
import { listAt, textAt, textsAt } from './objects.ts';

/** The ConfigMaps and Secrets that a kustomization makes from literals and files. */
export function generated(files: TreeFiles, document: SourceDocument, folder: string): Parsed {
  const result: Parsed = { documents: [], troubles: [] };
  for (const [field, kind] of [
    ['configMapGenerator', 'ConfigMap'],
    ['secretGenerator', 'Secret'],
  ] as const) {
    listAt(document.object, field).forEach((generator, index) => {
      const path = [field, index];
      const { data, sources, problems } = dataOf(files, generator, folder);
      result.troubles.push(...problems.map((what) => ({ place: placeOf(document, path), what })));
      const [name = '', namespace, type] = ['name', 'namespace', 'type'].map((key) => textAt(generator, key));
      const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
      const key = kind === 'Secret' ? 'stringData' : 'data';
      const object: Mapping = {
        apiVersion: 'v1',
        kind,
        metadata,
        ...(type === undefined ? {} : { type }),
        [key]: data,
      };
      result.documents.push({ file: document.file, object, sources, lineOf: () => document.lineOf(path) });
    });
  }
  return result;
}

function dataOf(files: TreeFiles, generator: Mapping, folder: string) {
  const data: Record<string, string> = {};
  const sources: Record<string, string> = {};
  const problems: string[] = [];
  for (const literal of textsAt(generator, 'literals')) {
    const [key = '', ...value] = literal.split('=');
    data[key] = value.join('=').replaceAll(/^["']|["']$/g, '');
  }
  for (const entry of textsAt(generator, 'files')) {
    const [first = '', second] = entry.split('=');
    const file = second ?? first;
    const read = readFile(files, folder, file);
    if ('problem' in read) problems.push(`"${file}" ${read.problem}`);
    else {
      const key = second === undefined ? basename(file) : first;
      data[key] = read.text;
      sources[key] = read.file;
    }
  }
  for (const file of [...textsAt(generator, 'envs'), textAt(generator, 'env') ?? []].flat()) {
    const read = readFile(files, folder, file);
    if ('problem' in read) problems.push(`"${file}" ${read.problem}`);
    else {
      for (const [, key = '', value = ''] of read.text.matchAll(/^\s*([\w.-]+)=(.*)$/gm)) {
        data[key] = value;
        sources[key] = read.file;
      }
    }
  }
  return { data, sources, problems };
}

function readFile(
  files: TreeFiles,
  folder: string,
  name: string,
): { text: string; file: string } | { problem: string } {
  const found = files.resolve(folder, name);
  if ('problem' in found) return found;
  if (found.kind === 'folder') return { problem: 'is a folder' };
  const read = files.text(found.path);
  return 'problem' in read ? read : { text: read.text, file: found.path };
}
