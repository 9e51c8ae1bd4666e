import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const TEMPLATE = join(import.meta.dirname, '../support/template');

/** Where a target declares its facts about support, relative to target.yaml. */
export const SUPPORT_FACTS = 'support/facts.yaml';

/**
 * Writes the template of the facts about support, with a ticket export to go with it, into `support/` below `folder`.
 * What is there already is left as it is, unless `force`: facts are gathered by hand.
 * @returns what takes away again whatever it wrote anew.
 */
export function writeSupportTemplate(folder: string, force = false): () => void {
  const support = join(folder, 'support');
  const isNew = !existsSync(support);
  mkdirSync(support, { recursive: true });
  const missing = readdirSync(TEMPLATE).filter((name) => force || !existsSync(join(support, name)));
  const wanted = force || missing.includes('facts.yaml') ? missing : [];
  for (const name of wanted) copyFileSync(join(TEMPLATE, name), join(support, name));
  return () => {
    for (const name of wanted) rmSync(join(support, name), { force: true });
    if (isNew) rmSync(support, { recursive: true, force: true });
  };
}
