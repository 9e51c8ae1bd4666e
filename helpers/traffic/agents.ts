import http from 'node:http';
import https from 'node:https';

/** Connections that the kept-alive path goes through in turn, at most: more than replicas, so that each replica holds some. */
export const KEPT_CONNECTIONS = 8;
/**
 * A connection that nobody used for so long is not used again, in ms: servers close it at some time, uvicorn after five seconds, and a call
 * that is just being sent then is lost for no other reason. As undici has it (`keepAliveTimeout`).
 */
const IDLE_LIMIT_MS = 4_000;

/** The connections: new ones, and kept ones that are used in turn. */
export class Agents {
  readonly #secure: boolean;
  readonly #fresh: http.Agent;
  readonly #all: http.Agent[] = [];
  readonly #kept: http.Agent[];
  #turn = 0;

  /** @param rate of the calls over kept connections, per second: there are as many as are used again in time, at least one. */
  constructor(url: string, rate: number) {
    this.#secure = url.startsWith('https:');
    this.#fresh = this.#make(false);
    const used = Math.floor((rate * IDLE_LIMIT_MS) / 2_000);
    this.#kept = Array.from({ length: Math.min(KEPT_CONNECTIONS, Math.max(1, used)) }, () => this.keptAlive());
  }

  /** A new connection for each call. */
  fresh(): http.Agent {
    return this.#fresh;
  }

  kept(): http.Agent {
    return this.#kept[this.#turn++ % this.#kept.length] ?? this.#fresh;
  }

  /** Connections of one client; a second one is opened only when the first is busy, so that no call waits for another. */
  keptAlive(): http.Agent {
    return this.#make(true);
  }

  close(): void {
    for (const agent of this.#all) agent.destroy();
  }

  #make(keepAlive: boolean): http.Agent {
    // For an agent the time limit is that of connections that it keeps for later.
    const options = { keepAlive, timeout: IDLE_LIMIT_MS };
    const agent = this.#secure ? new https.Agent(options) : new http.Agent(options);
    this.#all.push(agent);
    return agent;
  }
}
