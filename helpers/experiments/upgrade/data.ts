import { HttpGateway } from '../../gateways/api.ts';
import { gateways } from '../../gateways/registry.ts';
import type { GatewayApi } from '../../gateways/types.ts';
import { messageOf } from '../../errors.ts';
import { tokenFor } from '../../mcp/token.ts';
import type { Target } from '../../target/schema.ts';
import type { DeployedTarget } from '../deploy-target.ts';
import { digest } from '../gitops/state.ts';
import type { ExperimentContext } from '../types.ts';

/** The front door of a deployed target, for its administration and for clients. */
export interface FrontDoor {
  api: HttpGateway;
  /** Of the clients. */
  token: string | undefined;
  path: string;
}

export async function openFrontDoor(
  { target, redactor, history, signal }: ExperimentContext,
  { url, secrets }: Pick<DeployedTarget, 'secrets'> & { url: string },
): Promise<FrontDoor> {
  const { mcp, administration } = target;
  const [token, adminToken] = await Promise.all([
    tokenFor(mcp.auth, { secrets }),
    tokenFor(administration?.auth ?? mcp.auth, { secrets }),
  ]);
  for (const secret of [token, adminToken]) if (secret !== undefined) redactor.add(secret);
  const { origin: base, pathname, search } = new URL(url);
  const path = pathname + search;
  const api = new HttpGateway({ base, path, token, adminToken, protocol: mcp.protocol, signal, history });
  return { api, token, path };
}

/** Puts the declared data in. @throws GatewayError when the gateway does not take it. */
export async function putData(api: GatewayApi, data: NonNullable<Target['upgrade']>['data']): Promise<void> {
  for (const { put } of data) await api.send(put.method, put.path, put.body);
}

/** What became of one of the declared data. */
export interface FoundDatum {
  what: string;
  found: boolean;
  error?: string;
}

/** Looks for the declared data. */
export async function findData(api: GatewayApi, data: NonNullable<Target['upgrade']>['data']): Promise<FoundDatum[]> {
  const found: FoundDatum[] = [];
  for (const { what, get, expect } of data) {
    try {
      const { body } = await api.get(get);
      found.push({ what, found: JSON.stringify(body).includes(JSON.stringify(expect).slice(1, -1)) });
    } catch (thrown) {
      found.push({ what, found: false, error: messageOf(thrown) });
    }
  }
  return found;
}

/** What clients and administrators see of the configuration: digests by section; `error` where a section cannot be read. */
export async function configurationOf(
  { api, path }: FrontDoor,
  { gateway, changes, mcp }: Pick<Target, 'gateway' | 'changes' | 'mcp'>,
): Promise<Record<string, string>> {
  const tools = await api.tools();
  const listed = { 'tools/list': `${String(tools.length)}: ${tools.join(', ')}` };
  const adapter = gateway === undefined ? undefined : gateways[gateway];
  if (adapter === undefined) return listed;
  const state = await adapter.state(api, { tool: changes?.tool ?? mcp.toolCall.tool, path });
  return { ...listed, ...Object.fromEntries(Object.entries(state).map(([name, value]) => [name, digest(value)])) };
}
