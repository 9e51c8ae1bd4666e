import http from 'node:http';
import https from 'node:https';

/** Connections that the kept-alive path goes through in turn: more than replicas, so that each replica holds some. */
const KEPT_CONNECTIONS = 8;

/** The connections: new ones, and kept ones that are used in turn. */
export class Agents {
  readonly #secure: boolean;
  readonly #fresh: http.Agent;
  readonly #all: http.Agent[] = [];
  readonly #kept: http.Agent[];
  #turn = 0;

  constructor(url: string) {
    this.#secure = url.startsWith('https:');
    this.#fresh = this.#make(false);
    this.#kept = Array.from({ length: KEPT_CONNECTIONS }, () => this.keptAlive());
  }

  /** A new connection for each call. */
  fresh(): http.Agent {
    return this.#fresh;
  }

  kept(): http.Agent {
    return this.#kept[this.#turn++ % KEPT_CONNECTIONS] ?? this.#fresh;
  }

  /** Connections of one client; a second one is opened only when the first is busy, so that no call waits for another. */
  keptAlive(): http.Agent {
    return this.#make(true);
  }

  close(): void {
    for (const agent of this.#all) agent.destroy();
  }

  #make(keepAlive: boolean): http.Agent {
    const agent = this.#secure ? new https.Agent({ keepAlive }) : new http.Agent({ keepAlive });
    this.#all.push(agent);
    return agent;
  }
}
