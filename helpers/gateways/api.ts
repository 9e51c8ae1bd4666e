import { messageOf } from '../errors.ts';
import type { HistoryWriter } from '../history/history.ts';
import { McpCallError, McpClient } from '../mcp/client.ts';
import type { ConnectOptions } from '../mcp/client.ts';
import type { Answer, GatewayApi } from './types.ts';

/** Longest wait for an answer of the administration, in ms: reading a tool server's tools anew takes seconds. */
const ANSWER_LIMIT_MS = 30_000;
/** An answer of a pod that takes longer than this tells nothing, in ms. */
export const POD_ANSWER_LIMIT_MS = 5_000;
/** Ways for a call to end in which the gateway answered, and said no. */
const REFUSED: readonly string[] = ['tool-error', 'rpc-error', 'http-error'];

/** How a gateway says no. */
export class GatewayError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'GatewayError';
    this.status = status;
  }
}

export interface ApiOptions extends Pick<ConnectOptions, 'protocol' | 'signal'> {
  /** e.g. `http://10.1.2.3:4444`. */
  base: string;
  /** Path at which clients enter. */
  path: string;
  /** Of the clients. */
  token: string | undefined;
  /** Of the administration. */
  adminToken: string | undefined;
  /** Hears of every change before it is sent. */
  history?: Pick<HistoryWriter, 'write'>;
  limitMs?: number;
}

/** A gateway over HTTP: its administration with the administrator's token, its tools with that of the clients. */
export class HttpGateway implements GatewayApi {
  readonly #options: ApiOptions;
  #client: Promise<McpClient> | undefined;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  get(path: string): Promise<Answer> {
    return this.#request('GET', path);
  }

  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
    this.#options.history?.write(method, path);
    return this.#request(method, path, body);
  }

  async tools(): Promise<string[]> {
    const tools = await this.#mcp((client) => client.listTools());
    return tools.map(({ name }) => name).toSorted();
  }

  async askTool(tool: string, args: Record<string, unknown>): Promise<string> {
    try {
      return await this.#mcp((client) => client.askTool(tool, args));
    } catch (thrown) {
      if (thrown instanceof McpCallError && REFUSED.includes(thrown.record.outcome))
        throw new GatewayError(thrown.record.httpStatus ?? 200, `${tool}: ${thrown.message}`);
      throw thrown;
    }
  }

  callTool(tool: string, args: Record<string, unknown>): Promise<string> {
    this.#options.history?.write('tools/call', tool);
    return this.askTool(tool, args);
  }

  async close(): Promise<void> {
    await this.#client?.then((client) => client.close()).catch(() => undefined);
  }

  /**
   * One client is kept. After a failure the next call makes a new one, and this call too if it was refused since the session is gone with
   * its pod: then nothing was done, and clients have to do the same.
   */
  async #mcp<T>(work: (client: McpClient) => Promise<T>): Promise<T> {
    const { base, path, token, protocol, signal, limitMs = ANSWER_LIMIT_MS } = this.#options;
    const connect = {
      url: base + path,
      token,
      protocol,
      timeoutMs: limitMs,
      ...(signal === undefined ? {} : { signal }),
    };
    const kept = this.#client !== undefined;
    this.#client ??= McpClient.connect(connect);
    try {
      return await work(await this.#client);
    } catch (thrown) {
      await this.close();
      this.#client = undefined;
      if (kept && isUnknownSession(thrown)) return this.#mcp(work);
      throw thrown;
    }
  }

  async #request(method: string, path: string, body?: unknown): Promise<Answer> {
    const { base, adminToken, signal, limitMs = ANSWER_LIMIT_MS } = this.#options;
    const limit = AbortSignal.timeout(limitMs);
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    }).catch((thrown: unknown) => {
      signal?.throwIfAborted();
      throw new Error(`${method} ${path}: ${messageOf(thrown)}`, { cause: thrown });
    });
    const text = await response.text();
    if (!response.ok)
      throw new GatewayError(
        response.status,
        `${method} ${path}: HTTP ${String(response.status)} ${text.slice(0, 300)}`,
      );
    return { body: parse(text), headers: Object.fromEntries(response.headers) };
  }
}

/** How a server answers a session that it does not know. */
function isUnknownSession(thrown: unknown): boolean {
  return thrown instanceof McpCallError && thrown.record.httpStatus === 404;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
