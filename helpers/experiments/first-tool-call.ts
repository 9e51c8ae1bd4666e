import { now } from '../history/history.ts';
import type { CallRecord } from '../history/records.ts';
import { isReady } from '../kubernetes/pods.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { McpClient, requireTool } from '../mcp/client.ts';
import { tokenFor } from '../mcp/token.ts';
import { objectsNotFromCluster } from './clean.ts';
import { deployTarget } from './deploy-target.ts';
import type { DeployedTarget } from './deploy-target.ts';
import { trial } from './steps.ts';
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
    const { cluster, history } = context;
    // Built before the clock starts: an engineer pulls images that are there.
    await context.images();
    const start = now();
    const deployed = await deployTarget(context, {
      onNamespace: async (kube, namespace) => {
        history.fact('namespace.clean', { objects: await objectsNotFromCluster(kube, namespace) });
      },
    });
    const { helm, releases, url } = deployed;
    if (url !== undefined) await enter(context, deployed, { url, start });
    await deployed.stopObserving();
    const { kubernetesVersion: kubernetes, provider } = cluster;
    const charts = Object.fromEntries(releases.map(({ name, chart }) => [name, chart.version]));
    history.fact('versions', { kubernetes, helm: await helm.version(), provider, charts });
  },
};

/** Through the gateway's front door: connect, look for the tool, call it. */
async function enter(
  context: ExperimentContext,
  { kube, secrets }: DeployedTarget,
  { url, start }: { url: string; start: number },
): Promise<void> {
  const { target, history, signal, redactor } = context;
  const { auth, protocol, toolCall } = target.mcp;
  const token = await tokenFor(auth, { secrets });
  if (token !== undefined) redactor.add(token);
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
