import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { messageOf } from '../errors.ts';

/** A body of a request is at most this long: whoever sends more is not who is waited for. In characters. */
const LONGEST = 1_000_000;

export interface Asked {
  method: string;
  path: string;
  contentType: string;
  body: string;
}

export interface Answer {
  status: number;
  contentType: string;
  body: string;
}

export interface Listener {
  /** Without a path, e.g. `http://10.199.0.1:41234`. */
  url: string;
  close: () => void;
}

/** An HTTP server at a free port of `address`. What `answer` throws is answered with 500. */
export async function listenOn(address: string, answer: (asked: Asked) => Promise<Answer> | Answer): Promise<Listener> {
  const server = createServer((request, response) => {
    const { method = '', url = '/', headers } = request;
    const answered = async () => {
      const body = await text(request);
      if (body.length > LONGEST) return { status: 413, contentType: 'text/plain', body: 'too long' };
      return answer({ method, path: url, contentType: headers['content-type'] ?? '', body });
    };
    void answered()
      .catch((thrown: unknown) => ({ status: 500, contentType: 'text/plain', body: messageOf(thrown) }))
      .then(({ status, contentType, body }) => response.writeHead(status, { 'content-type': contentType }).end(body));
  });
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${String(port)}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
