/** What is asked of a gateway over its own interfaces: at its front door, or at one single pod. */
export interface GatewayApi {
  /** The administration's answer to a GET. @throws GatewayError when it refuses. */
  get(path: string): Promise<Answer>;
  /** Changes something; written to the history before it is sent. @throws GatewayError when the gateway refuses. */
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
  /** Names of the tools that a client is told of here, sorted. */
  tools(): Promise<string[]>;
  /** What a tool answers a client, in full: for gateways that are administered by tools. @throws GatewayError when it refuses. */
  askTool(tool: string, args: Record<string, unknown>): Promise<string>;
  /** As `askTool`, for a tool that changes something; written to the history before it is sent. */
  callTool(tool: string, args: Record<string, unknown>): Promise<string>;
}

export interface Answer {
  body: unknown;
  /** Names in lower case. */
  headers: Record<string, string>;
}

/**
 * What a gateway is configured to serve, by section (tools, servers, policies, settings), in a fixed order and without what changes by
 * itself: ids, times, counters. Two equal states are the same configuration. Never holds secrets.
 */
export type GatewayState = Record<string, unknown>;

/** `policy`: who may do what, and how much; `gateway`: everything else. */
export type ChangeKind = 'gateway' | 'policy';

/** A change that is made through the gateway's own administration. */
export interface ApiChange {
  kind: ChangeKind;
  apply: () => Promise<unknown>;
  /** Takes back what `apply` did. */
  undo: () => Promise<unknown>;
  /** Whether what `pod` answers shows the change. Asked several times a second, so it should cost the gateway little. */
  effect: (pod: GatewayApi) => Promise<boolean>;
}

/** What a change is made on. */
export interface Subject {
  /** A tool that is published and that no traffic calls, as clients know it. */
  tool: string;
  /** Path at which clients enter. */
  path: string;
}

/** Prepares a change before traffic runs: looks up what it will need. `api` asks the front door. */
export type PrepareChange = (api: GatewayApi, subject: Subject) => Promise<ApiChange>;

/** The changes that an adapter may know how to make. */
export const apiChanges = ['add-tool', 'tool-state', 'access-policy', 'rate-limit', 'plugin'] as const;
export type ApiChangeId = (typeof apiChanges)[number];

/**
 * What is particular to one product. Everything is optional but the state: what a product does not offer, nobody tries, and what a target
 * changes by Helm values needs no adapter.
 */
export interface GatewayAdapter {
  /** The configuration as `api`, the front door or a single pod, sees it. */
  state: (api: GatewayApi, subject: Subject) => Promise<GatewayState>;
  /** What a pod took from its environment when it started: the cheap part of the state, asked several times a second. */
  settings?: (pod: GatewayApi) => Promise<unknown>;
  changes?: Partial<Record<ApiChangeId, PrepareChange>>;
  /** Changes that the administration must refuse, by what is wrong with them; `undo` in case that it does not. */
  invalid?: Record<string, (api: GatewayApi, subject: Subject) => Promise<Pick<ApiChange, 'apply' | 'undo'>>>;
  /** The product's own export. */
  save?: (api: GatewayApi) => Promise<unknown>;
  /** The product's own import of what `save` returned. */
  load?: (api: GatewayApi, saved: unknown) => Promise<Answer>;
}
