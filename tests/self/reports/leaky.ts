/** An experiment on what shows its secrets wherever it can, run by the suite's own runner in the little project of a test. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { execa } from 'execa';
import { secretsOf } from '../../../helpers/evidence/package/mask.ts';
import { runExperiment } from '../../../helpers/experiments/runner.ts';
import type { Experiment } from '../../../helpers/experiments/types.ts';
import { addCredentials } from '../../../helpers/kubernetes/credentials.ts';
import { collect } from '../../../helpers/kubernetes/collect.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { Redactor } from '../../../helpers/kubernetes/redact.ts';
import { createSecrets } from '../../../helpers/kubernetes/secrets.ts';
import { runBlock } from '../../../helpers/runbooks/execute.ts';
import { Journal } from '../../../helpers/traffic/journal.ts';
import { benchIn } from '../unit/runbooks/bench.ts';
import { runnerOptions } from '../unit/experiments/ask.ts';

/** Everything that must not be found, by where it comes from. `CANARIES` of the environment holds what is known from the start. */
export function canaries(): Record<string, string> {
  return JSON.parse(process.env.CANARIES ?? '{}') as Record<string, string>;
}

/** What the suite knows the values of: those are masked in whatever form. Others have a shape, as long as nobody encodes them. */
const KNOWN = ['environment', 'declared', 'random', 'token', 'key'];

/** Every secret as an answer, a log line or an error may show it. */
function shown(): string {
  return Object.entries(canaries())
    .map(([name, text]) => {
      const encoded = `${Buffer.from(text).toString('base64')}, ?q=${encodeURIComponent(text)}`;
      return `${name} ${text}, ${JSON.stringify(text)}${KNOWN.includes(name) ? `, ${encoded}` : ''}\n`;
    })
    .join('');
}

/** What an API server says of a namespace whose programs show everything. */
async function cluster(folder: string) {
  const server = createServer(({ url = '' }, response) => {
    const pod = { metadata: { name: 'p' }, status: { containerStatuses: [{ name: 'c', restartCount: 1, state: {} }] } };
    const secret = {
      metadata: { name: 's' },
      kind: 'Secret',
      data: { key: Buffer.from(canaries().random ?? '').toString('base64') },
    };
    const items = url.includes('/pods')
      ? [pod]
      : url.includes('/events')
        ? [{ message: shown() }]
        : url.includes('/secrets')
          ? [secret]
          : [];
    const resources = ['pods', 'secrets'].map((name) => ({
      name,
      kind: name === 'pods' ? 'Pod' : 'Secret',
      namespaced: true,
      verbs: ['list', 'delete'],
    }));
    if (url.includes('/log')) response.end(shown());
    else response.end(JSON.stringify({ items, metadata: {}, groups: [], groupVersion: 'v1', resources }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const config = new KubeConfig();
  const { port } = server.address() as AddressInfo;
  const { token = '', key = '' } = canaries();
  config.loadFromClusterAndUser(
    { name: 'c', server: `http://127.0.0.1:${String(port)}`, skipTLSVerify: true },
    { name: 'u', token, keyData: Buffer.from(key).toString('base64') },
  );
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, config.exportConfig());
  return { server, kubeconfig, kube: Kube.connect({ kubeconfig, context: config.getCurrentContext() }) };
}

/** @param runFolder that of the run. @param aside a folder that is no part of it. @returns the value of a random Secret. */
export async function leak(runFolder: string, aside: string): Promise<string> {
  const { server, kubeconfig, kube } = await cluster(aside);
  const redactor = secretsOf(process.env);
  addCredentials({ kubeconfig }, redactor);
  let random = '';
  const experiment: Experiment = {
    id: 'e',
    title: 'e',
    needs: [],
    timeLimitMs: 60_000,
    clusterless: true,
    helmless: true,
    async run(context) {
      const { history, folder, signal } = context;
      const declared = [{ name: 's', keys: { env: { env: 'DECLARED' }, random: { random: 24 } } }];
      random = (await createSecrets(kube.within('n'), declared, { redactor, history })).get('s')?.random ?? '';
      process.env.CANARIES = JSON.stringify({ ...canaries(), random });
      history.fact('verdict', 'fail');
      history.fact('answer', { text: shown(), headers: { authorization: `Bearer ${canaries().token ?? ''}` } });
      history.observe('log', 'Pod/p', { line: shown() });
      context.progress(shown());
      for (const secret of Object.values(canaries()))
        await history
          .step('call', 'call it', () => execa('sh', ['-c', 'echo "$1" >&2; exit 1', 'sh', secret]))
          .catch(() => undefined);
      for (const { name, body } of await collect(kube, 'n', redactor))
        writeFileSync(join(folder, name.replaceAll('/', '-')), body);
      const bench = await benchIn(join(aside, 'persons'), redactor);
      const block = { role: 'detect', line: 1, script: `cat <<'END'\n${shown()}END` } as const;
      history.fact('block', await runBlock(block, bench, { timeoutMs: 30_000, signal, redactor }));
      bench.dispose();
      // As the process of the observer does with what it is told.
      const told = new Redactor();
      for (const secret of redactor.secrets) told.add(secret);
      const journal = new Journal(join(folder, 'traffic.jsonl'), told);
      journal.append({
        type: 'call',
        id: '1',
        method: 'tools/call',
        path: 'new-connection',
        due: 1,
        start: 1,
        end: 2,
        outcome: 'http-error',
        error: shown(),
      });
      await journal.close();
      throw new Error(shown());
    },
  };
  const options = runnerOptions(runFolder);
  const target = { ...options.target, name: 't' };
  const progress = (message: string) => process.stderr.write(`${message}\n`);
  await runExperiment(experiment, { ...options, target, redactor, progress });
  server.closeAllConnections();
  server.close();
  return random;
}
