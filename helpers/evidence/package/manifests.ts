import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, parseAllDocuments, stringify } from 'yaml';
import type { Document } from 'yaml';
import { appliedFact } from '../../deliverables/facts.ts';
import { filesBelow } from '../../files.ts';
import type { History } from '../../history/history.ts';
import { MASK } from '../../kubernetes/secret-shapes.ts';
import { factOf } from '../sources.ts';
import type { Source } from './source.ts';

/** Folders of a Git tree that hold no manifests: charts go along by themselves. */
const notManifests = /(^|\/)(\.git|charts|docs|images|support)\//;

/**
 * Manifests of one experiment: as applied and as found, where its history has them, as rendered, and what lay in Git for it. Values of
 * Secrets are masked, whoever wrote them.
 */
export function manifestsIn(folder: string, history: History | undefined): Map<string, Source> {
  const applied = factOf(history, 'applied', appliedFact);
  const found = history?.fact('architecture.live');
  const files = filesBelow(folder).filter((path) => /\.ya?ml$/.test(path));
  const rendered = files.filter((path) => !path.includes('/'));
  const inGit = files.filter((path) => path.startsWith('desired-state/') && !notManifests.test(path));
  const text = (path: string) => ({ text: withoutSecretValues(readFileSync(join(folder, path), 'utf8')) });
  return new Map<string, Source>([
    ...(applied === undefined
      ? []
      : [['applied.yaml', { text: withoutSecretValues(documents(Object.values(applied))) }] as const]),
    ...(found === undefined ? [] : [['found.yaml', { text: documents([found]) }] as const]),
    ...rendered.map((path) => [`rendered/${path}`, text(path)] as const),
    ...inGit.map((path) => [path, text(path)] as const),
  ]);
}

function documents(objects: readonly unknown[]): string {
  return objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}

/** The same text with the values of every Secret masked. What cannot be read as YAML stays as it is: it is no manifest. */
export function withoutSecretValues(yaml: string): string {
  if (!/^kind:\s*["']?Secret\b/m.test(yaml)) return yaml;
  const read = parseAllDocuments(yaml, { keepSourceTokens: false });
  if (!Array.isArray(read) || read.some(({ errors }) => errors.length > 0)) return withoutDataLines(yaml);
  for (const document of read) maskSecret(document);
  return read.map((document) => document.toString({ lineWidth: 0 })).join('');
}

function maskSecret(document: Document.Parsed): void {
  if (document.get('kind') !== 'Secret') return;
  for (const field of ['data', 'stringData']) {
    const values = document.get(field);
    if (!isMap(values)) continue;
    for (const { key } of [...values.items]) values.set(key, MASK);
  }
}

/** For text that has a Secret in it and is no valid YAML: everything indented below `data:` and `stringData:` goes. */
function withoutDataLines(yaml: string): string {
  return yaml.replaceAll(/^((?:string)?[dD]ata:[^\n]*)\n(?:[ \t]+[^\n]*\n?)*/gm, `$1\n  ${MASK}: ""\n`);
}
