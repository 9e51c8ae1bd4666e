import { z } from 'zod';
import { topics } from '../../runbooks/types.ts';
import { check, fail, ofFact, pass } from '../finding.ts';
import type { Check, Finding } from '../types.ts';
import type { History } from '../../history/history.ts';

/** What is known about a runbook by reading it. */
const experiment = 'runbooks.static';

const facts = z.union([
  z.object({ found: z.literal(false) }),
  z.object({
    found: z.literal(true),
    file: z.string(),
    severity: z.string().nullable(),
    limits: z.object({ detectMs: z.number().optional(), recoverMs: z.number().optional() }),
    lacks: z.array(z.string()),
    blocks: z.object({ detect: z.number(), remedy: z.number(), verify: z.number() }),
    mistakes: z.array(z.string()),
  }),
]);

type Found = Extract<z.infer<typeof facts>, { found: true }>;

/** A failure, as far as checks need to know it. */
export interface FailureFacts {
  id: string;
  title: string;
}

function ofRunbook(
  history: History,
  { id, title }: FailureFacts,
  find: (runbook: Found, evidence: string) => Finding,
): Finding {
  return ofFact(history, `runbook.${id}`, facts, (runbook, evidence) =>
    runbook.found ? find(runbook, evidence) : fail(`no runbook says what to do when ${title} (${id})`, evidence),
  );
}

/** There are runbooks at all, and all of them can be read. */
export const runbooksAreThere = check({
  id: 'runbooks.are-there',
  title: 'The target declares runbooks, and they can be read',
  expected: 'docs.runbooks names a folder with at least one runbook, and none has a mistake',
  experiment,
  evaluate: (history) =>
    ofFact(
      history,
      'runbooks',
      z.object({ folder: z.string().nullable(), files: z.array(z.string()), mistakes: z.array(z.string()) }),
      ({ folder, files, mistakes }, evidence) => {
        if (folder === null) return fail('the target declares no runbooks (docs.runbooks)', evidence);
        if (files.length === 0)
          return fail(`${folder} holds no runbook: no Markdown file there names a failure`, evidence);
        if (mistakes.length > 0) return fail(mistakes.join('; '), evidence);
        return pass(`${String(files.length)} runbooks in ${folder}`, evidence);
      },
    ),
});

export function isFound(failure: FailureFacts): Check {
  return check({
    id: `runbooks.${failure.id}.found`,
    title: `There is a runbook for when ${failure.title}`,
    expected: `a Markdown file in docs.runbooks whose front matter says failure: ${failure.id}`,
    experiment,
    evaluate: (history) => ofRunbook(history, failure, ({ file }, evidence) => pass(file, evidence)),
  });
}

export function isComplete(failure: FailureFacts): Check {
  return check({
    id: `runbooks.${failure.id}.complete`,
    title: `The runbook for when ${failure.title} says what an operator needs`,
    expected: `a severity, and sections on ${topics.join(', ')}`,
    experiment,
    evaluate: (history) =>
      ofRunbook(history, failure, ({ file, lacks, severity }, evidence) => {
        const missing = [...(severity === null ? ['severity'] : []), ...lacks];
        if (missing.length > 0) return fail(`${file} says nothing about ${missing.join(', ')}`, evidence);
        return pass(`${file}: ${topics.join(', ')}; severity ${severity ?? ''}`, evidence);
      }),
  });
}
