import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { TestInfo } from '@playwright/test';
import type { ExperimentContext } from '../../../../helpers/experiments/types.ts';
import { workerProtocol } from '../../../../helpers/experiments/worker-protocol.ts';
import { History, HistoryWriter } from '../../../../helpers/history/history.ts';
import { worker as checks } from '../../../../helpers/verdict/checks/index.ts';
import { evaluateItem } from '../../../../helpers/verdict/evaluate.ts';
import { withWorker } from './peer.ts';
import type { Defects } from './peer.ts';

const SECRET = 'what-the-gateway-signs-with-0123456789';
const URL_VARIABLE = 'WORKER_URL_OF_THIS_TEST';
const SECRET_VARIABLE = 'WORKER_SECRET_OF_THIS_TEST';

const worker = {
  endpoint: { env: URL_VARIABLE },
  secret: { env: SECRET_VARIABLE },
  toolCall: { tool: 'Tools.Echo', arguments: { text: 'hello' }, expect: 'hello' },
  failingCall: { tool: 'Tools.Fail', arguments: { message: 'on purpose' } },
};

/** The history of the experiment with a worker that runs already. */
async function tried(url: string, testInfo: TestInfo, declared: object | null = worker): Promise<History> {
  const file = testInfo.outputPath('history.jsonl');
  const history = HistoryWriter.begin(file, { experiment: 'worker.protocol', target: 'sample', run: 'r' });
  process.env[URL_VARIABLE] = url;
  process.env[SECRET_VARIABLE] = SECRET;
  const context = {
    target: { name: 'sample', file: 'target.yaml', releases: [], ...(declared === null ? {} : { worker: declared }) },
    history,
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  await workerProtocol.run(context as unknown as ExperimentContext);
  history.end('completed');
  return History.read(file) ?? new History([]);
}

const verdictsOf = (history: History) => {
  const item = { id: 'gate', kind: 'gate' as const, text: '', checks: Object.values(checks) };
  const { checks: results } = evaluateItem(item, new Map([['worker.protocol', history]]), { notApplicable: {} });
  return Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
};

const good = {
  'worker.answers-health': 'pass',
  'worker.lists-tools': 'pass',
  'worker.invokes-tools': 'pass',
  'worker.refuses-strangers': 'pass',
  'worker.carries-errors': 'pass',
  // Nothing is restarted that runs already.
  'worker.stays-correct-while-rolling': 'inconclusive',
};

const twins: { what: string; defects: Defects; red: string[] }[] = [
  { what: 'counts a tool too many', defects: { miscounts: 1 }, red: ['worker.answers-health'] },
  {
    what: 'does not list the declared tool',
    defects: { tools: [catalogued('Other'), catalogued('Another')] },
    red: ['worker.lists-tools'],
  },
  { what: 'gives another value', defects: { value: 'something else' }, red: ['worker.invokes-tools'] },
  { what: 'lists its tools to everybody', defects: { open: 'list' }, red: ['worker.refuses-strangers'] },
  { what: 'invokes for everybody', defects: { open: 'invoke' }, red: ['worker.refuses-strangers'] },
  { what: 'takes a token that has expired', defects: { forgivesAge: true }, red: ['worker.refuses-strangers'] },
  { what: 'succeeds where there is no such tool', defects: { hidesErrors: 'unknown' }, red: ['worker.carries-errors'] },
  { what: 'succeeds where the tool fails', defects: { hidesErrors: 'failing' }, red: ['worker.carries-errors'] },
];

test.describe('The worker protocol', { tag: '@static' }, () => {
  test('should be passed by a worker that keeps to it', async ({}, testInfo) => {
    const history = await withWorker({ secret: SECRET }, (url) => tried(url, testInfo));
    expect(verdictsOf(history)).toEqual(good);
    expect(history.calls).toHaveLength(3 + 6 * 2 + 2);
  });

  for (const { what, defects, red } of twins) {
    test(`should be failed, in that alone, by a worker that ${what}`, async ({}, testInfo) => {
      const history = await withWorker({ secret: SECRET, ...defects }, (url) => tried(url, testInfo));
      expect(verdictsOf(history)).toEqual({ ...good, ...Object.fromEntries(red.map((id) => [id, 'fail'])) });
    });
  }

  for (const [what, defects] of [
    ['answers with something else than JSON', { garbage: '<html>' }],
    ['answers with JSON of another protocol', { garbage: '{"ok": true}' }],
    ['sends its callers elsewhere', { redirects: true }],
    ['was given another secret', { secret: 'another-secret-0123456789-0123456789' }],
  ] as const) {
    test(`should be passed in nothing that matters by a worker that ${what}`, async ({}, testInfo) => {
      const history = await withWorker({ secret: SECRET, ...defects }, (url) => tried(url, testInfo));
      const verdicts = verdictsOf(history);
      expect(verdicts['worker.lists-tools']).toBe('fail');
      expect(verdicts['worker.invokes-tools']).toBe('fail');
      expect(verdicts['worker.answers-health']).not.toBe('pass');
    });
  }

  test('should never write a token or the secret into the history', async ({}, testInfo) => {
    await withWorker({ secret: SECRET }, (url) => tried(url, testInfo));
    const text = readFileSync(testInfo.outputPath('history.jsonl'), 'utf8');
    expect(text).not.toContain(SECRET);
    expect(text).not.toMatch(/eyJ[\w-]+\./);
  });

  test('should ask for the version of the toolkit that the worker lists', async ({}, testInfo) => {
    const versions = await withWorker({ secret: SECRET }, async (url, seen) => {
      await tried(url, testInfo);
      return seen.map(({ tool }) => tool.version);
    });
    expect(versions[0]).toBe('1.0.0');
  });

  test('should not apply where the target declares no worker', async ({}, testInfo) => {
    const verdicts = verdictsOf(await tried('http://127.0.0.1:1', testInfo, null));
    expect(new Set(Object.values(verdicts))).toEqual(new Set(['not-applicable']));
  });

  test('should tell that a variable is missing before anything is called', async ({}, testInfo) => {
    const elsewhere = { ...worker, endpoint: { env: 'NOT_SET_ANYWHERE' } };
    await expect(tried('http://127.0.0.1:1', testInfo, elsewhere)).rejects.toThrow(
      /NOT_SET_ANYWHERE is not set\n {2}where: worker\.endpoint\.env/,
    );
  });
});

function catalogued(name: string) {
  return { name, toolkit: { name: 'Tools', version: '1.0.0' } };
}
