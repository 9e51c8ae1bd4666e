import { join } from 'node:path';
import type { ItemVerdict, RunVerdict } from '../../../../helpers/verdict/types.ts';
import { put } from '../evidence/packable-run.ts';

/** Moment that is now in these tests: 2026-11-21T12:00:00Z. */
export const NOW = Date.parse('2026-11-21T12:00:00Z');

export const question = { target: 'gateway', standard: 'category-8', row: 'gate-rollback' };

interface Stored {
  status?: ItemVerdict['status'];
  complete?: boolean;
  target?: string;
  startedAt?: string;
  endedAt?: string | null;
  /** What `verdict.json` holds instead; null for none at all. */
  verdict?: string | null;
}

/** Stores a run of that id which judged one gate. */
export function storeVerdict(
  folder: string,
  id: string,
  {
    status = 'pass',
    complete = true,
    target = 'gateway',
    startedAt = '2026-11-21T10:00:00Z',
    endedAt = '2026-11-21T11:00:00Z',
    verdict,
  }: Stored = {},
): void {
  const judged: RunVerdict = {
    schema: 'https://seatrial.dev/schemas/verdict/v1',
    run: id,
    complete,
    standards: [
      {
        standard: 'category-8',
        title: 'Category 8',
        target,
        items: [
          {
            id: 'gate-rollback',
            kind: 'gate',
            name: 'Rollback',
            text: 'It rolls back',
            status,
            note: `it is ${status}`,
            checks: [],
          },
          {
            id: 'criterion-1',
            kind: 'criterion',
            number: 1,
            text: 'Chart',
            status: 'fail',
            score: 4,
            note: 'nearly',
            checks: [],
          },
        ],
      },
    ],
  };
  const about = { id, target, complete, startedAt, ...(endedAt === null ? {} : { endedAt }) };
  put(folder, join(id, 'run.json'), JSON.stringify(about));
  if (verdict !== null) put(folder, join(id, 'verdict.json'), verdict ?? JSON.stringify(judged));
  put(folder, join(id, 'metrics.txt'), `# TYPE seatrial_run_info gauge\nseatrial_run_info{run="${id}"} 1\n# EOF\n`);
}
