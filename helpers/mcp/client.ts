import { AsyncLocalStorage } from 'node:async_hooks';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Tool, VersionNegotiationMode } from '@modelcontextprotocol/client';
import { didYouMean } from '../config/suggest.ts';
import { UserError } from '../errors.ts';
import { now } from '../history/history.ts';
import type { CallRecord } from '../history/records.ts';
import type { TargetDeclaration } from '../target/schema.ts';
import { outcomeOfError, outcomeOfResult, textOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';

export type Protocol = TargetDeclaration['mcp']['protocol'];
export type ToolCall = TargetDeclaration['mcp']['toolCall'];

export interface ConnectOptions {
  url: string;
  /** Bearer token. */
  token?: string | undefined;
  /** Era of the protocol; `auto` asks the server and falls back to the older one. */
  protocol: Protocol;
  /** Each request has a connection of its own, so that any replica may get it. */
  newConnections?: boolean;
  /** Hears of every call once it has ended. */
  onCall?: (record: CallRecord) => void;
  /** Sees each request before it is sent: its headers, in lower case, and its body. */
  onRequest?: (headers: Record<string, string>, body: string) => void;
  /** Limit of each call, in ms. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

/** A call that takes longer than this counts as `timeout`, in ms: what a client library waits by default. */
const CALL_LIMIT_MS = 60_000;

const negotiation: Record<Protocol, VersionNegotiationMode> = {
  auto: 'auto',
  '2025-11-25': 'legacy',
  '2026-07-28': { pin: '2026-07-28' },
};

/** A call that did not end well, where the caller cannot go on without it. */
export class McpCallError extends Error {
  readonly record: CallRecord;

  constructor(record: CallRecord) {
    super(`${record.method} failed: ${record.outcome}${record.error === undefined ? '' : `: ${record.error}`}`);
    this.name = 'McpCallError';
    this.record = record;
  }
}

/** A client over Streamable HTTP that records every call, with an outcome by its payload. */
export class McpClient {
  readonly #client: Client;
  readonly #transport: StreamableHTTPClientTransport;
  readonly #options: ConnectOptions;
  /** The HTTP status of the request that is made within a call: calls run side by side, so each needs a place of its own. */
  readonly #http = new AsyncLocalStorage<{ status?: number }>();
  #calls = 0;

  private constructor(options: ConnectOptions) {
    this.#options = options;
    this.#client = new Client(
      { name: 'seatrial', version: '1' },
      { versionNegotiation: { mode: negotiation[options.protocol] } },
    );
    const headers = {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.newConnections === true ? { connection: 'close' } : {}),
    };
    this.#transport = new StreamableHTTPClientTransport(new URL(options.url), {
      requestInit: { headers },
      fetch: async (url, init) => {
        if (typeof init?.body === 'string')
          options.onRequest?.(Object.fromEntries(new Headers(init.headers)), init.body);
        const response = await fetch(url, init);
        const http = this.#http.getStore();
        // 202 is the answer to a notification that goes with the call.
        if (http !== undefined && init?.method === 'POST' && response.status !== 202) http.status = response.status;
        return response;
      },
    });
  }

  /** Opens the connection; that is the call `initialize`. @throws McpCallError */
  static async connect(options: ConnectOptions): Promise<McpClient> {
    const mcp = new McpClient(options);
    const { record } = await mcp.#call('initialize', {}, async (limits) => {
      await mcp.#client.connect(mcp.#transport, limits);
      return { outcome: { outcome: 'served' }, value: undefined };
    });
    if (record.outcome === 'served') return mcp;
    await mcp.close();
    throw new McpCallError(record);
  }

  /** Revision that was negotiated, e.g. `2025-11-25`. */
  get protocol(): string | undefined {
    return this.#client.getNegotiatedProtocolVersion();
  }

  /** Name by which the server introduces itself. */
  get serverName(): string | undefined {
    return this.#client.getServerVersion()?.name;
  }

  /** Undefined when the server keeps no sessions. */
  get sessionId(): string | undefined {
    return this.#transport.sessionId;
  }

  /** All tools, always asked anew. @throws McpCallError */
  async listTools(): Promise<Tool[]> {
    const { record, value } = await this.#call('tools/list', {}, async (limits) => {
      const { tools } = await this.#client.listTools(undefined, { ...limits, cacheMode: 'refresh' });
      return { outcome: { outcome: 'served', result: `${String(tools.length)} tools` }, value: tools };
    });
    if (value === undefined) throw new McpCallError(record);
    return value;
  }

  /** Calls a tool. How it ended is in the record: this does not throw. */
  async callTool(toolCall: ToolCall): Promise<CallRecord> {
    return (await this.#tool(toolCall)).record;
  }

  /** What a tool answers, in full; a record keeps its beginning only. @throws McpCallError when the call did not end well. */
  async askTool(tool: string, args: Record<string, unknown>): Promise<string> {
    const { record, value } = await this.#tool({ tool, arguments: args });
    if (value === undefined || record.outcome !== 'served') throw new McpCallError(record);
    return textOf(value);
  }

  /** Ends the session, if there is one, and the connection. */
  async close(): Promise<void> {
    // A server may refuse to end sessions (405), or be gone: there is nothing more to be done about it.
    if (this.sessionId !== undefined) await this.#transport.terminateSession().catch(() => undefined);
    await this.#client.close();
  }

  #tool({ tool, arguments: args, expect }: Omit<ToolCall, 'expect'> & Partial<Pick<ToolCall, 'expect'>>) {
    return this.#call('tools/call', { tool }, async (limits) => {
      const result = await this.#client.callTool({ name: tool, arguments: args }, limits);
      return { outcome: outcomeOfResult(result, expect), value: result };
    });
  }

  async #call<T>(
    method: string,
    facts: Pick<CallRecord, 'tool'>,
    work: (limits: { timeout: number; signal?: AbortSignal }) => Promise<{ outcome: Outcome; value: T }>,
  ): Promise<{ record: CallRecord; value: T | undefined }> {
    const { timeoutMs = CALL_LIMIT_MS, signal, onCall } = this.#options;
    const http: { status?: number } = {};
    const id = String(++this.#calls);
    const start = now();
    const { outcome, value } = await this.#http.run(http, async () => {
      try {
        return await work({ timeout: timeoutMs, ...(signal === undefined ? {} : { signal }) });
      } catch (thrown) {
        // Who stops calling has learnt nothing about the server.
        signal?.throwIfAborted();
        return { outcome: outcomeOfError(thrown), value: undefined };
      }
    });
    const record: CallRecord = {
      type: 'call',
      id,
      method,
      ...facts,
      due: start,
      start,
      end: now(),
      ...(http.status === undefined ? {} : { httpStatus: http.status }),
      ...outcome,
      ...(this.protocol === undefined ? {} : { protocol: this.protocol }),
    };
    onCall?.(record);
    return { record, value };
  }
}

/** @throws UserError naming the tools that there are, when the declared one is not among them. */
export function requireTool(name: string, tools: readonly Tool[]): void {
  const names = tools.map((tool) => tool.name);
  if (names.includes(name)) return;
  throw new UserError({
    what: `The server has no tool "${name}"; it has ${names.length === 0 ? 'none' : names.join(', ')}`,
    where: 'mcp.toolCall.tool',
    fix: didYouMean(name, names) ?? 'name one of these tools, or make the gateway serve the missing one',
  });
}
