import http from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A model server on loopback whose answers are known, and can be made wrong while it runs: the truth that traffic by predictions is
 * measured against. It tells evens from odds.
 */
export interface ModelEndpoint {
  url: string;
  /** From now on: another version, wrong answers, or an error inside HTTP 500. */
  become: (state: Partial<State>) => void;
  stop: () => Promise<void>;
}

interface State {
  version: string;
  behaviour: 'right' | 'wrong' | 'failing';
}

export async function startModelEndpoint(): Promise<ModelEndpoint> {
  const state: State = { version: 'v1', behaviour: 'right' };
  let users = 0;
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const cookie = request.headers.cookie ?? `user=${String(++users)}`;
      response.setHeader('set-cookie', `${cookie}; Path=/`).setHeader('content-type', 'application/json');
      if (request.url === '/control') response.end('{}');
      else if (state.behaviour === 'failing') {
        response.writeHead(500).end(JSON.stringify({ detail: 'it broke', model_version: state.version }));
      } else response.end(JSON.stringify({ model_version: state.version, ...answer(body, state), cookie }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    become: (next) => Object.assign(state, next),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function answer(body: string, { behaviour }: State): object {
  const predict = (features: readonly number[]) => ({
    class: ((features[0] ?? 0) % 2 === 0) === (behaviour === 'right') ? 'even' : 'odd',
  });
  const asked = JSON.parse(body) as { features: number[] } | { instances: number[][] };
  return 'instances' in asked ? { predictions: asked.instances.map(predict) } : { prediction: predict(asked.features) };
}
