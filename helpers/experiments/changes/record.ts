import { isReady } from '../../kubernetes/pods.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import { McpClient } from '../../mcp/client.ts';
import { fingerprintOf } from '../../traffic/mcp-call.ts';
import { digest, stateOf } from '../gitops/state.ts';
import type { StateDigests } from '../gitops/state.ts';
import type { Session } from './session.ts';

/** Helm keeps its releases in Secrets; they grow with each revision. */
const HELM_SECRET = 'helm.sh/release.v1';

/**
 * Writes down the whole configuration as the fact `state.NAME`: what the gateway's administration says, the tools as clients see them,
 * ConfigMaps, Secrets, and what the pods are made of. Digests by name, so that what differs can be named and nothing secret is kept.
 */
export async function recordState(session: Session, name: string): Promise<StateDigests> {
  const { context, deployed, adapter, front, subject, token } = session;
  const { target, signal, history } = context;
  const client = await McpClient.connect({ url: deployed.url, token, protocol: target.mcp.protocol, signal });
  try {
    const state = {
      ...(await stateOf(deployed.kube, client)),
      ...(await secretsOf(session)),
      ...(adapter === undefined ? {} : flattened(await adapter.state(front, subject))),
    };
    history.fact(`state.${name}`, state);
    return state;
  } finally {
    await client.close();
  }
}

async function secretsOf({ deployed }: Session): Promise<StateDigests> {
  const { items } = await deployed.kube.list(kinds.secret);
  const own = items.filter(({ type }) => type !== HELM_SECRET);
  return Object.fromEntries(own.map(({ metadata, data }) => [`Secret/${metadata?.name ?? ''}`, digest(data)]));
}

/** `gateway/tools/echo`: one digest an entry that has a name, one a section that has none. */
function flattened(state: Record<string, unknown>): StateDigests {
  return Object.fromEntries(
    Object.entries(state).flatMap(([section, value]) => {
      const named = Array.isArray(value) && value.every((entry): entry is { name: string } => hasName(entry));
      if (!named || value.length === 0) return [[`gateway/${section}`, digest(value)]];
      return value.map((entry) => [`gateway/${section}/${entry.name}`, digest(entry)]);
    }),
  );
}

function hasName(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && 'name' in entry && typeof entry.name === 'string';
}

/** A pod as a history tells it. */
export interface PodFact {
  name: string;
  uid: string;
  /** Kind of what keeps it running, e.g. `ReplicaSet`. */
  kind: string;
  ready: boolean;
  restarts: number;
  node: string;
}

/** Writes down the pods that run for good, as the fact `pods.NAME`: not those of Jobs, nor those that are being stopped. */
export async function recordPods({ context, deployed }: Session, name: string): Promise<void> {
  const { items } = await deployed.kube.list(kinds.pod);
  context.history.fact(`pods.${name}`, items.filter(staysUp).map(podFact));
}

function staysUp({ metadata }: Pod): boolean {
  return metadata?.deletionTimestamp === undefined && metadata?.ownerReferences?.[0]?.kind !== 'Job';
}

function podFact(pod: Pod): PodFact {
  const { name = '', uid = '', ownerReferences = [] } = pod.metadata ?? {};
  const restarts = (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
  const kind = ownerReferences[0]?.kind ?? 'none';
  return { name, uid, kind, ready: isReady(pod), restarts, node: pod.spec?.nodeName ?? '' };
}

/** What one serving pod serves in the end: digests of its tools and of its configuration, by section. */
export interface ServedFact {
  pod: string;
  tools: string[];
  /** As clients' lists of tools are fingerprinted in the history of the traffic. */
  toolset: string;
  sections: StateDigests;
}

/** Asks every serving pod what it serves, and writes it down as the fact `served`. */
export async function recordServed(session: Session): Promise<void> {
  const { context, deployed, adapter, subject, serving, at } = session;
  const { items } = await deployed.kube.list(kinds.pod, { labelSelector: serving.labelSelector });
  const served: ServedFact[] = [];
  for (const pod of items.filter((one) => staysUp(one) && isReady(one))) {
    const api = await at(pod);
    const tools = await api.tools();
    const sections = adapter === undefined ? {} : flattened(await adapter.state(api, subject));
    served.push({ pod: pod.metadata?.name ?? '', tools, toolset: fingerprintOf(tools), sections });
  }
  context.history.fact('served', served);
}
