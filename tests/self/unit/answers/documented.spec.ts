import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { z } from 'zod';
import { answerServer } from '../../../../helpers/answers/server.ts';
import { runFiles, readRunFolder, writeRunFiles } from '../../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import { historyFile, storeRun, storeTraffic } from '../verdict/stored-run.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/reports.md'), 'utf8');
const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => parse(text) as unknown);

const analysisTemplate = z.object({
  kind: z.literal('AnalysisTemplate'),
  spec: z.object({
    metrics: z.array(
      z.object({
        successCondition: z.string(),
        failureCondition: z.string(),
        provider: z.object({
          web: z.object({
            url: z.url(),
            jsonPath: z.string(),
            headers: z.array(z.object({ key: z.string(), value: z.string() })),
          }),
        }),
      }),
    ),
  }),
});

const canary = z.object({
  kind: z.literal('Canary'),
  spec: z.object({
    analysis: z.object({
      webhooks: z.array(z.object({ type: z.string(), url: z.url(), metadata: z.record(z.string(), z.string()) })),
    }),
  }),
});

/** A server on a run whose gate has this status, so that an example can be tried as it stands. */
async function serverOn(status: 'pass' | 'inconclusive' | 'none') {
  const runs = test.info().outputPath(status);
  const id = '20261121-100000-abcd';
  const folder = storeRun(join(runs, id));
  storeTraffic(folder);
  const ended = { endedAt: '2026-11-21T11:00:00Z', startedAt: '2026-11-21T10:00:00Z' };
  const about = { id, complete: true, target: status === 'none' ? 'another' : 'contextforge', ...ended };
  if (status === 'inconclusive') {
    const file = historyFile(folder, 'config.helm-rollback');
    const text = readFileSync(file, 'utf8');
    writeRunFiles(
      folder,
      new Map([['experiments/contextforge/config.helm-rollback/history.jsonl', text.slice(0, text.length / 2)]]),
    );
  }
  writeRunFiles(folder, new Map([['run.json', JSON.stringify(about)]]));
  if (status !== 'none') writeRunFiles(folder, runFiles(readRunFolder(folder), await loadStandards()).files);
  const server = answerServer({ runsFolder: runs, now: () => Date.parse('2026-11-21T12:00:00Z') });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const here = (url: string) => {
    const { pathname, search } = new URL(url);
    return `http://127.0.0.1:${String(port)}${pathname}${search}`;
  };
  return { here, close: () => server.close() };
}

/** What Argo Rollouts makes of an answer, for conditions of the form that the example has. */
function phaseOf(
  result: unknown,
  { successCondition, failureCondition }: { successCondition: string; failureCondition: string },
) {
  const holds = (condition: string) => {
    const [, expected] = /^result == "(.*)"$/.exec(condition) ?? [];
    expect(expected, condition).toBeDefined();
    return result === expected;
  };
  if (holds(failureCondition)) return 'Failed';
  return holds(successCondition) ? 'Successful' : 'Inconclusive';
}

test.describe('examples in docs/reports.md', { tag: '@static' }, () => {
  for (const [status, phase] of [
    ['pass', 'Successful'],
    ['inconclusive', 'Inconclusive'],
    ['none', 'Inconclusive'],
  ] as const) {
    test(`should give Argo Rollouts ${phase} for a row that is ${status}`, async () => {
      const [metric] =
        examples.map((example) => analysisTemplate.safeParse(example).data).find((one) => one !== undefined)?.spec
          .metrics ?? [];
      expect(metric).toBeDefined();
      const { here, close } = await serverOn(status);
      const response = await fetch(here(metric?.provider.web.url ?? ''));
      expect(response.status).toBe(200);
      const answer = (await response.json()) as Record<string, unknown>;
      const field = /^\{\$\.(\w+)\}$/.exec(metric?.provider.web.jsonPath ?? '')?.[1] ?? '';
      expect(
        phaseOf(answer[field], metric ?? { successCondition: '', failureCondition: '' }),
        JSON.stringify(answer),
      ).toBe(phase);
      close();
    });

    test(`should let Flagger ${status === 'pass' ? 'promote' : 'wait'} for a row that is ${status}`, async () => {
      const [hook] =
        examples.map((example) => canary.safeParse(example).data).find((one) => one !== undefined)?.spec.analysis
          .webhooks ?? [];
      expect(hook?.type).toBe('confirm-promotion');
      const { here, close } = await serverOn(status);
      const body = JSON.stringify({
        name: 'contextforge',
        namespace: 'live',
        phase: 'WaitingPromotion',
        metadata: hook?.metadata,
      });
      const response = await fetch(here(hook?.url ?? ''), { method: 'POST', body });
      expect(response.status <= 202).toBe(status === 'pass');
      expect(await response.json()).toMatchObject({ passed: status === 'pass' });
      close();
    });
  }
});
