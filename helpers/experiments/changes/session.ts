import { HttpGateway, POD_ANSWER_LIMIT_MS } from '../../gateways/api.ts';
import { PodReach, servingPods } from '../../gateways/reach.ts';
import type { ServingPods } from '../../gateways/reach.ts';
import { gateways } from '../../gateways/registry.ts';
import type { GatewayAdapter, GatewayApi, Subject } from '../../gateways/types.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import { tokenFor } from '../../mcp/token.ts';
import type { Target } from '../../target/schema.ts';
import type { DeployedTarget } from '../deploy-target.ts';
import type { ExperimentContext } from '../types.ts';

/** A deployed target that changes are made to: its front door, its single pods, and what is known about the product. */
export interface Session {
  context: ExperimentContext;
  deployed: DeployedTarget & { url: string };
  changes: NonNullable<Target['changes']>;
  adapter: GatewayAdapter | undefined;
  subject: Subject;
  /** Of the clients. */
  token: string | undefined;
  front: GatewayApi;
  serving: ServingPods;
  /** One pod, past the front door. */
  at: (pod: Pod) => Promise<GatewayApi>;
}

/** Opens the ways to a deployed target, does `work`, and closes them. */
export async function withSession(
  context: ExperimentContext,
  deployed: DeployedTarget & { url: string },
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const { target, history, signal, redactor } = context;
  const { changes, mcp, administration, gateway } = target;
  if (changes === undefined) throw new Error('the target declares no changes');
  const [token, adminToken] = await Promise.all([
    tokenFor(mcp.auth, deployed),
    tokenFor(administration?.auth ?? mcp.auth, deployed),
  ]);
  for (const secret of [token, adminToken]) if (secret !== undefined) redactor.add(secret);
  const { origin, pathname: path, search } = new URL(deployed.url);
  const common = { path: path + search, token, adminToken, protocol: mcp.protocol, signal };
  const serving = await servingPods(deployed.kube, target);
  const reach = new PodReach(deployed.kube, serving.port);
  const front = new HttpGateway({ ...common, base: origin, history });
  const pods = new Map<string, Promise<HttpGateway>>();
  const open = async (pod: Pod) =>
    new HttpGateway({ ...common, base: await reach.baseOf(pod), limitMs: POD_ANSWER_LIMIT_MS });
  const at = (pod: Pod) => {
    const uid = pod.metadata?.uid ?? '';
    const api = pods.get(uid) ?? open(pod);
    pods.set(uid, api);
    // A pod that could not be reached yet is tried anew.
    api.catch(() => pods.delete(uid));
    return api;
  };
  const subject = { tool: changes.tool, path };
  const adapter = gateway === undefined ? undefined : gateways[gateway];
  try {
    await work({ context, deployed, changes, adapter, subject, token, front, serving, at });
  } finally {
    const opened = await Promise.allSettled(pods.values());
    const clients = [front, ...opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))];
    await Promise.allSettled(clients.map((client) => client.close()));
    await reach.close();
  }
}
