import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from '../../../fixtures/test.ts';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import { filesBelow } from '../../../helpers/files.ts';
import { runsFolder } from '../../../helpers/run/run.ts';
import { root } from '../unit/repo/repository.ts';
import { tracesIn, tracesOf } from '../traces.ts';
import { startRun } from './whole-run.ts';

const gate = 'Gate: Helm deployment';
const runId = /Run (\d{8}-\d{6}-\w+) in/;

/** Strong enough for any server, and fit for an address of a database. */
const canary = () => `Canary-${randomBytes(20).toString('hex')}`;

/** The bundled target with values of the environment in all its Secrets, in a folder of its own. @returns the folder, and those values. */
function targetWithCanaries(change: (declaration: string) => string = (text) => text) {
  const folder = test.info().outputPath('target');
  cpSync(join(root, 'fixtures/targets/contextforge'), folder, { recursive: true });
  const file = join(folder, 'target.yaml');
  const env: Record<string, string> = {};
  const declared = readFileSync(file, 'utf8').replaceAll(/\{ random: \d+ \}/g, () => {
    const variable = `VALUE_${String(Object.keys(env).length)}`;
    env[variable] = canary();
    return `{ env: ${variable} }`;
  });
  writeFileSync(file, change(declared));
  return { folder, env };
}

function credentialsOf({ kubeconfig }: ClusterAccess): Record<string, string> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { token, password, keyData } = config.getCurrentUser() ?? {};
  const key = keyData === undefined ? undefined : Buffer.from(keyData, 'base64').toString().split('\n')[1];
  return Object.fromEntries(
    Object.entries({ token, password, key }).flatMap(([name, text]) => (text ? [[name, text]] : [])),
  );
}

/** Runs the gate, and looks for every secret in all that the run has left and printed. */
async function runWithCanaries(cluster: ClusterAccess, { folder, env }: ReturnType<typeof targetWithCanaries>) {
  const environment = { ...env, DEPLOY_TOKEN: canary() };
  const run = startRun(gate, { env: { ...environment, SEATRIAL_TARGET: folder } });
  const [, id = ''] = await run.prints(runId);
  await run.ended;
  const secrets = { ...environment, ...credentialsOf(cluster) };
  expect(Object.keys(secrets).length).toBeGreaterThan(Object.keys(environment).length);
  const runFolder = join(runsFolder, id);
  expect(tracesIn(runFolder, secrets)).toEqual([]);
  expect(tracesOf(Buffer.from(run.output()), secrets)).toEqual([]);
  return { files: filesBelow(runFolder), output: run.output() };
}

test.describe.configure({ mode: 'serial' });

test.describe('Secrets of a run', { tag: '@full' }, () => {
  test('should lie in nothing that it leaves when all goes well', async ({ cluster }) => {
    const { files, output } = await runWithCanaries(cluster, targetWithCanaries());
    expect(output.trimEnd().split('\n').at(-1)).toBe('1 passed, 0 failed');
    expect(files).toEqual(expect.arrayContaining(['verdict.json', 'html/index.html', 'junit.xml', 'index.html']));
  });

  test('should lie in nothing that it leaves when it collects the evidence of a failure', async ({ cluster }) => {
    const tooShort = (text: string) => text.replace('timeout: 10m', 'timeout: 20s');
    const { files, output } = await runWithCanaries(cluster, targetWithCanaries(tooShort));
    expect(output.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
    const artifacts = files.filter((path) => path.includes('/artifacts/'));
    expect(artifacts.some((path) => path.endsWith('.log'))).toBe(true);
    expect(artifacts.some((path) => path.endsWith('objects.yaml'))).toBe(true);
  });
});
