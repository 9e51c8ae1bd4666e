import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { loadAnyTarget } from '../../../helpers/target/load.ts';
import type { AnyTarget } from '../../../helpers/target/any.ts';
import type { Patch, Twin } from './twin.ts';

/** All of them: targets refer to charts and images of each other. */
const targets = join(import.meta.dirname, '../../../fixtures/targets');

type Making = Pick<Twin, 'name' | 'target' | 'patches' | 'release'>;

/**
 * Writes a copy of the bundled targets into `folder`, that of the twin with its defect.
 * @param folder within the repository, outside of which no target may refer to anything.
 * @throws Error when a patch changes nothing: what was to be broken is not there any more. UserError when nobody could deploy it.
 */
export function makeTwin({ name, target, patches, release }: Making, folder: string): AnyTarget {
  cpSync(targets, folder, { recursive: true });
  for (const patch of patches) apply(patch, join(folder, target));
  const made = { ...loadAnyTarget(join(folder, target)), name };
  if (release === undefined || made.kind !== 'McpGateway') return made;
  return { ...made, releases: made.releases.filter((one) => one.name === release) };
}

function apply(patch: Patch, folder: string): void {
  const file = join(folder, patch.file);
  if ('gone' in patch) {
    rmSync(file, { recursive: true });
    return;
  }
  if ('text' in patch) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, patch.text, { flag: 'wx' });
    return;
  }
  const text = readFileSync(file, 'utf8');
  const broken = 'set' in patch ? edited(text, patch.set) : text.replace(patch.from, patch.to);
  if (broken === text) throw new Error(`${patch.file} does not have what is to be broken`);
  writeFileSync(file, broken);
}

function edited(text: string, set: Readonly<Record<string, unknown>>): string {
  const document = parseDocument(text);
  for (const [field, value] of Object.entries(set)) {
    const path = field.split('.');
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}
