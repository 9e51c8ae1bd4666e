import { Kube } from '../kubernetes/kube.ts';
import type { CallRecord } from '../history/records.ts';
import { WorkerClient } from '../worker/client.ts';
import type { Invocation, WorkerTool } from '../worker/client.ts';
import { strangers } from '../worker/tokens.ts';
import { deployReleases } from './deploy-target.ts';
import { own, trial } from './steps.ts';
import type { Experiment, ExperimentContext } from './types.ts';
import { declaredUrl, requireRoute, secretOf, serviceUrl } from './worker/reach.ts';
import { rollUnder } from './worker/roll.ts';

type Worker = NonNullable<ExperimentContext['target']['worker']>;

/** A tool that no worker has. */
const UNKNOWN = 'Seatrial.NoSuchTool';

/** The server that the target deploys, called by the protocol by which its gateway calls it. */
export const workerProtocol: Experiment = {
  id: 'worker.protocol',
  title: 'The worker called as its gateway calls it',
  needs: [],
  // One release, a few hundred calls and one rollout. In ms.
  timeLimitMs: 30 * 60_000,

  async run(context) {
    const { target, history } = context;
    const { worker } = target;
    history.fact('worker.declared', worker !== undefined);
    if (worker === undefined) return;
    const there = declaredUrl(worker);
    if (there !== undefined) {
      await requireRoute(there, context.signal);
      await speak(context, worker, there, secretOf(worker, new Map()));
    } else if (target.existing !== undefined) await existing(context, worker);
    else await deployed(context, worker);
  },
};

/** A worker that runs already: it is called, and left as it is. */
async function existing(context: ExperimentContext, worker: Worker): Promise<void> {
  const { endpoint } = worker;
  const { target, cluster, signal } = context;
  if (!('service' in endpoint)) return;
  const url = await serviceUrl(Kube.connect(cluster).within(target.existing?.namespace ?? ''), endpoint);
  await requireRoute(url, signal);
  await speak(context, worker, url, secretOf(worker, new Map()));
}

async function deployed(context: ExperimentContext, worker: Worker): Promise<void> {
  const { endpoint } = worker;
  const { target, cluster, signal, history } = context;
  if (!('service' in endpoint)) return;
  const releases = target.releases.filter(({ name }) => name === worker.release);
  const { kube, secrets, releases: installed, stopObserving } = await deployReleases(context, { releases });
  if (installed.length > 0) {
    const url = await trial(
      context,
      'endpoint',
      'find the worker',
      () => serviceUrl(kube, endpoint),
      (found) => ({ url: found }),
    );
    if (url !== undefined) {
      // Only there are addresses of Services known to be routed: elsewhere a missing route is no fault of the worker.
      if (cluster.provider !== 'embedded')
        await own(context, 'route', 'reach the worker', () => requireRoute(url, signal));
      const client = await speak(context, worker, url, secretOf(worker, secrets));
      const rolled = await trial(context, 'roll', 'replace every pod of the worker while it is called', () =>
        rollUnder(
          context,
          kube,
          endpoint.service,
          async (due) => (await client.invoke(worker.toolCall, { due })).record,
        ),
      );
      if (rolled !== undefined) history.fact('worker.rolled', rolled);
    }
  }
  await stopObserving();
}

/** Says everything that a gateway says, and what a stranger would. */
async function speak(context: ExperimentContext, worker: Worker, url: string, secret: string): Promise<WorkerClient> {
  const { history, signal } = context;
  const onCall = (record: CallRecord) => {
    history.append(record);
  };
  const client = new WorkerClient({ url, secret, onCall, signal });
  await step(context, 'health', 'ask for its health without a token', async () => {
    const { record, body } = await client.health();
    return { ...told(record), ...(body === undefined ? {} : { status: body.status, toolCount: body.tool_count }) };
  });
  let tool: WorkerTool | undefined;
  await step(context, 'tools', 'list its tools', async () => {
    const { record, body } = await client.tools();
    tool = body?.find(({ name, toolkit }) => `${toolkit.name}.${name}` === worker.toolCall.tool);
    return { ...told(record), ...(body === undefined ? {} : { tools: body.length, found: tool !== undefined }) };
  });
  await step(context, 'invoke', `invoke ${worker.toolCall.tool}`, async () => {
    const { record } = await client.invoke(worker.toolCall, { version: tool?.toolkit.version ?? undefined });
    return told(record);
  });
  await refusals(context, client, worker.toolCall);
  await failures(context, client, worker);
  return client;
}

async function refusals(context: ExperimentContext, client: WorkerClient, call: Invocation): Promise<void> {
  for (const token of strangers) {
    await step(context, `refuse.${token}`, `call with a token that must be refused: ${token}`, async () => ({
      token,
      tools: told((await client.tools(token)).record),
      invoke: told((await client.invoke(call, { token })).record),
    }));
  }
}

async function failures(context: ExperimentContext, client: WorkerClient, { failingCall }: Worker): Promise<void> {
  await step(context, 'fail.unknown', 'invoke a tool that there is not', async () =>
    told((await client.invoke({ tool: UNKNOWN, arguments: {} })).record),
  );
  if (failingCall === undefined) return;
  await step(context, 'fail.tool', `invoke ${failingCall.tool}, which fails`, async () =>
    told((await client.invoke(failingCall)).record),
  );
}

/** How a call ended is for the checks to judge: the step itself is done. */
function step(context: ExperimentContext, id: string, title: string, work: () => Promise<Record<string, unknown>>) {
  return trial(context, id, title, work, (detail) => detail);
}

function told({ outcome, httpStatus, error, result }: CallRecord) {
  return {
    outcome,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(error === undefined ? {} : { error }),
    ...(result === undefined ? {} : { result }),
  };
}
