import { z } from 'zod';
import type { History } from '../../history/history.ts';
import { check, fail, inconclusive, ofFact, pass } from '../finding.ts';
import type { Check, Finding } from '../types.ts';

/** Checks on what the documents say about upgrade and rollback. */
const experiment = 'upgrade.documents';

const topicFact = z.object({
  lookedFor: z.string(),
  found: z.boolean(),
  where: z.array(z.string()),
  missing: z.string().optional(),
});
const blocks = z.array(z.object({ where: z.string(), ok: z.boolean(), error: z.string().optional() }));
const names = z.array(z.object({ where: z.string(), name: z.string(), known: z.boolean() }));

export const order = topic(
  'order',
  'in which order the components are upgraded',
  'a step with its order, and each release that changes named',
);
export const backup = topic(
  'backup',
  'how to back up before an upgrade',
  'a backup with its command, not after the first command that upgrades',
);
export const migration = topic(
  'migration',
  'what becomes of the schema of the database',
  'a passage on the migration of the schema or the data',
);
export const rollback = topic('rollback', 'how to roll back', 'a section on it, with the command');
export const rollbackLimits = topic(
  'rollback-limits',
  'what a rollback does not bring back',
  'a passage that names a limit, below a heading on rollback or limits',
);
export const verification = topic('verification', 'how to verify an upgrade', 'a command that shows whether it worked');
export const compatibility = topic(
  'compatibility',
  'which versions fit together',
  'a passage or table with versions that one may come from, or that are needed',
);
export const downtime = topic(
  'downtime',
  'what clients notice of an upgrade',
  'a passage on downtime, calls in flight or what clients notice',
);

export const commandsParse = check({
  id: 'upgrade.document.commands-parse',
  title: 'Every shell block of the upgrade document can be read by bash',
  expected: '0 blocks that bash -n refuses, of at least one',
  experiment,
  evaluate: (history) =>
    ofFact(history, 'blocks', blocks, (all, evidence) => {
      if (all.length === 0) return inconclusive('the document has no block of shell commands');
      const wrong = all.filter(({ ok }) => !ok);
      if (wrong.length === 0) return pass(`${String(all.length)} blocks can be read`, evidence);
      return fail(wrong.map(({ where, error }) => `${where}: ${error ?? 'refused'}`).join('; '), evidence);
    }),
});

export const namesExist = check({
  id: 'upgrade.document.names-exist',
  title: 'The commands of the upgrade document name releases and objects that the target has',
  expected: '0 names that the target does not have, of at least one, and a single namespace',
  experiment,
  evaluate: (history) =>
    ofFact(history, 'names', names, (all, evidence) => {
      if (all.length === 0) return inconclusive('the commands name nothing that could be looked up');
      const wrong = all.filter(({ known }) => !known);
      if (wrong.length === 0) return pass(`${String(all.length)} names, all of them known`, evidence);
      return fail(`unknown: ${wrong.map(({ where, name }) => `${name} (${where})`).join(', ')}`, evidence);
    }),
});

function topic(id: string, says: string, expected: string): Check {
  return check({
    id: `upgrade.document.${id}`,
    title: `The document says ${says}`,
    expected,
    experiment,
    evaluate: (history) =>
      ofFact(history, `topic.${id}`, topicFact, (fact, evidence) => found(history, fact, evidence)),
  });
}

function found(
  history: History,
  { lookedFor, found: isThere, where, missing }: z.infer<typeof topicFact>,
  evidence: string,
): Finding {
  if (isThere) return pass(`${lookedFor}: ${where.join('; ')}`, evidence);
  const documents = z.array(z.object({ file: z.string() })).safeParse(history.fact('documents')).data ?? [];
  const looked =
    documents.length === 0 ? 'there is no document' : `looked in ${documents.map(({ file }) => file).join(', ')}`;
  return fail(`not found: ${lookedFor} (${missing === undefined ? looked : `${missing}; ${looked}`})`, evidence);
}
