/**
 * How Allure shows and judges a run. A copy lies in each run's folder and reads the verdict beside it, so that it also works on an
 * artifact that was downloaded: `npx allure quality-gate allure-results --config allurerc.mjs` ends as the run itself did.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = import.meta.dirname;
const verdict = read('verdict.json');
const run = read('run.json');
const early = run?.complete === true ? '' : ' — ENDED EARLY';
const name = `Seatrial · ${run?.target ?? 'no target'} · ${run?.id ?? 'no run'}${early}`;
const historyPath = join(folder, '../../allure-history.jsonl');

export default {
  name,
  // Beside all runs: history and trends go across them. A folder that was taken elsewhere has no such neighbours.
  ...(inRuns() ? { historyPath, historyLimit: 50, appendHistory: !isInHistory() } : {}),
  plugins: {
    awesome: {
      options: {
        reportName: `Seatrial · ${run?.target ?? 'no target'}${early}`,
        // One file that opens from disk, without a server.
        singleFile: true,
        theme: 'auto',
        // Standard, row of the scorecard, level of the rubric or experiment behind it.
        groupBy: ['epic', 'feature', 'story'],
      },
    },
  },
  categories: [
    { name: 'Product defects', matchers: { labels: { verdict: 'fail' } }, groupBy: [{ label: 'feature' }] },
    {
      name: 'Inconclusive: something is missing',
      matchers: { labels: { verdict: 'inconclusive' } },
      groupBy: [{ label: 'feature' }],
    },
    {
      name: 'Harness trouble: it never came to a verdict',
      matchers: ({ status, labels }) =>
        (status === 'failed' || status === 'broken') && !labels.some(({ name }) => name === 'verdict'),
    },
  ],
  qualityGate: { rules: [...gates(), { id: 'everything that was asked for', maxFailures: 0, minTestsCount: 1 }] },
};

/**
 * One set of rules for each gate of the standards that were tried: no check that failed or is inconclusive, and at least one check.
 * A gate that a whole run was not asked for is left out; of one that was cut off nothing may be missing.
 */
function gates() {
  const tried = (verdict?.standards ?? []).filter(({ items }) => items.some(({ status }) => status !== 'not-run'));
  return tried.flatMap(({ standard, items }) =>
    items
      .filter(({ kind, status }) => kind === 'gate' && (status !== 'not-run' || early !== ''))
      .map(({ id, name }) => ({
        id: `gate ${name ?? id}`,
        filter: ({ labels }) => labels.some((label) => label.name === 'row' && label.value === `${standard}/${id}`),
        maxFailures: 0,
        minTestsCount: 1,
      })),
  );
}

function inRuns() {
  return dirname(folder).endsWith('runs') && existsSync(join(folder, 'run.json'));
}

/** Every command of Allure's adds a run to the history, also one that only looks at it. */
function isInHistory() {
  return existsSync(historyPath) && readFileSync(historyPath, 'utf8').includes(`"name":${JSON.stringify(name)},`);
}

/** What cannot be read is as good as missing: then no gate can pass on it. */
function read(name) {
  try {
    return JSON.parse(readFileSync(join(folder, name), 'utf8'));
  } catch {
    return undefined;
  }
}
