import { join } from 'node:path';
import { failures } from '../failures/catalogue.ts';
import { readRunbooks, runbookFor } from '../runbooks/folder.ts';
import { roles, topics } from '../runbooks/types.ts';
import type { Experiment } from './types.ts';

/** What the declared runbooks say, as far as it can be found out by reading them. */
export const runbooksStatic: Experiment = {
  id: 'runbooks.static',
  title: 'Runbooks found and read',
  needs: [],
  // Reading some files, in ms.
  timeLimitMs: 60_000,
  clusterless: true,

  run({ target, history }) {
    const folder = target.docs.runbooks;
    const runbooks = folder === undefined ? [] : readRunbooks(join(target.folder, folder));
    history.fact('runbooks', {
      folder: folder ?? null,
      files: runbooks.map(({ file }) => file),
      mistakes: runbooks.flatMap(({ file, mistakes }) => mistakes.map((mistake) => `${file}:${mistake}`)),
    });
    for (const { id } of failures) {
      const runbook = runbookFor(id, runbooks);
      history.fact(
        `runbook.${id}`,
        runbook === undefined
          ? { found: false }
          : {
              found: true,
              file: runbook.file,
              severity: runbook.severity ?? null,
              limits: runbook.limits,
              lacks: topics.filter((topic) => !runbook.topics.includes(topic)),
              blocks: Object.fromEntries(
                roles.map((role) => [role, runbook.blocks.filter((block) => block.role === role).length]),
              ),
              mistakes: runbook.mistakes,
            },
      );
    }
    return Promise.resolve();
  },
};
