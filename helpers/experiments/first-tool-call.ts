import { join } from 'node:path';
import { Helm } from '../helm/helm.ts';
import { now } from '../history/history.ts';
import type { CallRecord } from '../history/records.ts';
import { isReady } from '../kubernetes/pods.ts';
import { observePods } from '../kubernetes/record.ts';
import { kinds } from '../kubernetes/resources.ts';
import { createSecrets } from '../kubernetes/secrets.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { McpClient, requireTool } from '../mcp/client.ts';
import { resolveEndpoint } from '../mcp/endpoint.ts';
import { tokenFor } from '../mcp/token.ts';
import type { SecretValues } from '../mcp/token.ts';
import { objectsNotFromKubernetes } from './clean.ts';
import { deploy } from './deploy.ts';
import { prepareRelease } from './releases.ts';
import { own, trial } from './steps.ts';
import type { Experiment, ExperimentContext } from './types.ts';

/** Calls after the first served one: enough for a median, few enough not to matter beside the installation. */
const LATER_CALLS = 20;

/** From a clean namespace to the first tool call that is served, as an engineer who deploys it by Helm would do it. */
export const firstToolCall: Experiment = {
  id: 'first-tool-call',
  title: 'From a clean namespace to the first tool call',
  needs: [],
  // The releases have time-outs of their own; this is what they may take together with big images on a slow line. In ms.
  timeLimitMs: 60 * 60_000,

  async run(context) {
    const { target, cluster, folder, history, redactor } = context;
    const images = await context.images();
    const start = now();
    const { name: namespace, kube } = await own(context, 'namespace', 'make a namespace', () => context.namespace());
    history.fact('namespace.clean', { objects: await objectsNotFromKubernetes(kube, namespace) });
    const observer = observePods(kube, namespace, history);
    const secrets = await own(context, 'secrets', 'make the Secrets', () =>
      createSecrets(kube, target.secrets, { redactor, history }),
    );

    const helm = Helm.on(cluster, { namespace, home: join(folder, 'helm'), history });
    const versions: Record<string, string> = {};
    for (const declared of target.releases) {
      const prepare = () => prepareRelease(helm, target, declared, { images, namespace });
      const release = await deploy(context, kube, { helm, name: declared.name, prepare });
      if (release === undefined) break;
      versions[release.name] = release.chart.version;
    }
    if (Object.keys(versions).length === target.releases.length) await enter(context, kube, { secrets, start });
    await observer.stop();
    const { kubernetesVersion: kubernetes, provider } = cluster;
    history.fact('versions', { kubernetes, helm: await helm.version(), provider, charts: versions });
  },
};

/** Through the gateway's front door: find it, connect, look for the tool, call it. */
async function enter(
  context: ExperimentContext,
  kube: Kube,
  { secrets, start }: { secrets: SecretValues; start: number },
): Promise<void> {
  const { target, history, signal, redactor } = context;
  const { endpoint, auth, protocol, toolCall } = target.mcp;
  const token = await tokenFor(auth, { secrets });
  if (token !== undefined) redactor.add(token);
  const url = await trial(
    context,
    'endpoint',
    'find the endpoint',
    () => resolveEndpoint(kube, endpoint, signal),
    (found) => ({ url: found }),
  );
  if (url === undefined) return;

  const onCall = (record: CallRecord) => {
    history.append(record);
  };
  const client = await trial(
    context,
    'initialize',
    'connect an MCP client',
    () => McpClient.connect({ url, token, protocol, onCall, signal }),
    ({ protocol: negotiated, sessionId }) => ({ protocol: negotiated, session: sessionId !== undefined }),
  );
  if (client === undefined) return;
  try {
    await callTool(context, kube, client, { toolCall, start });
  } finally {
    await client.close();
  }
}

async function callTool(
  context: ExperimentContext,
  kube: Kube,
  client: McpClient,
  { toolCall, start }: { toolCall: ExperimentContext['target']['mcp']['toolCall']; start: number },
): Promise<void> {
  const { history } = context;
  const tools = await trial(
    context,
    'tools-list',
    'list the tools',
    () => client.listTools(),
    (listed) => ({ tools: listed.length, found: listed.some(({ name }) => name === toolCall.tool) }),
  );
  if (tools === undefined) return;
  const first = await trial(
    context,
    'first-call',
    `call ${toolCall.tool}`,
    async () => {
      requireTool(toolCall.tool, tools);
      const record = await client.callTool(toolCall);
      if (record.outcome !== 'served') throw new Error(`${record.outcome}: ${record.error ?? ''}`);
      return record;
    },
    ({ start: from, end }) => ({ ms: end - from }),
  );
  if (first === undefined) return;
  history.fact('total', { start, end: first.end, ms: first.end - start });
  const pods = await kube.list(kinds.pod);
  history.fact(
    'pods.atFirstCall',
    pods.items.map((pod) => ({ name: pod.metadata?.name, ready: isReady(pod), phase: pod.status?.phase })),
  );
  context.progress(`first served tool call after ${((first.end - start) / 1000).toFixed(1)} s`);
  for (let call = 0; call < LATER_CALLS; call++) await client.callTool(toolCall);
}
