import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { readDocument } from '../../config/document.ts';
import type { Options } from '../../config/options.ts';
import { byCodeUnits, filesBelow, namesIn } from '../../files.ts';
import type { AnyTarget } from '../../target/any.ts';
import type { Fingerprint } from './record.ts';

const repository = join(import.meta.dirname, '../../..');

/** What decides how a run goes and how it is judged. */
const CODE = ['bin', 'fixtures', 'helpers', 'tests', 'package-lock.json', 'playwright.config.ts'];

/** In `reports`: what runs leave there. */
const LEFT_BY_RUNS = /^(runs|latest.*|allure-history\.jsonl)$/;

/** Nobody's sources. */
const FOREIGN = /(^|\/)(\.git|node_modules)\//;

/** Not by the commit alone: what nobody has committed counts, too, and an image of the suite has no history of Git. */
export function fingerprintOf(target: Pick<AnyTarget, 'file' | 'folder'>, options: Options): Fingerprint {
  return {
    code: codeDigest(),
    target: targetDigest(target),
    options: { provider: options.provider, nodes: String(options.nodes) },
  };
}

function codeDigest(): string {
  const reports = namesIn(join(repository, 'reports')).filter((name) => !LEFT_BY_RUNS.test(name));
  return digestOf(repository, [...CODE, ...reports.map((name) => `reports/${name}`)]);
}

/** Of `target.yaml` and of every file and folder beside it that it names: charts, values, images, documents. */
export function targetDigest({ file, folder }: Pick<AnyTarget, 'file' | 'folder'>): string {
  const named = textsIn(readDocument(file).value).map((text) => relative(folder, resolve(folder, text)));
  const inside = named.filter((path) => path !== '' && path !== '..' && !path.startsWith(`..${sep}`));
  return digestOf(folder, [relative(folder, file), ...inside]);
}

/** SHA-256 over the names and contents of files, and of all files below folders; what is not there does not count. */
export function digestOf(root: string, paths: readonly string[]): string {
  const files = paths.flatMap((path) => {
    const full = join(root, path);
    if (!existsSync(full)) return [];
    if (!statSync(full).isDirectory()) return [path.replaceAll(sep, '/')];
    return filesBelow(full).map((name) => `${path.replaceAll(sep, '/')}/${name}`);
  });
  const hash = createHash('sha256');
  for (const file of [...new Set(files)].filter((name) => !FOREIGN.test(name)).toSorted(byCodeUnits)) {
    const content = createHash('sha256').update(readFileSync(join(root, file)));
    hash.update(`${JSON.stringify(file)} ${content.digest('hex')}\n`);
  }
  return hash.digest('hex');
}

/** Every text in a document that could be a path. */
function textsIn(node: unknown): string[] {
  if (typeof node === 'string') return node.includes('\0') || node.includes('\n') ? [] : [node];
  if (typeof node !== 'object' || node === null) return [];
  return Object.values(node).flatMap(textsIn);
}
