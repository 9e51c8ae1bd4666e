import http from 'node:http';
import https from 'node:https';
import type { Outcome } from '../mcp/outcome.ts';

/** An answer that is longer than this, in characters, is none: a server must not fill the memory of who watches it. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

/** How a call ended, as far as the one who sent it can tell. */
export interface Ended extends Outcome {
  reused?: true;
  toolset?: string;
  /** Names of the tools, where they were asked for. */
  tools?: string[];
}

/** A whole answer. */
export interface Answer {
  httpStatus: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** A call that can be sent many times: everything that does not change is made once. */
export interface Prepared {
  url: URL;
  headers: Record<string, string>;
  body: (id: number) => string;
  limitMs: number;
  /** What a whole answer means. */
  judge: (answer: Answer) => Ended;
  /** What one event of a stream (its data) means; undefined when it is not the answer to the call `id`. */
  judgeEvent?: (data: string, id: number, headers: http.IncomingHttpHeaders) => Ended | undefined;
}

/** Sends the call once. Never rejects: whatever happens is a way in which a call can end. */
export function send(call: Prepared, id: number, agent: http.Agent): Promise<Ended> {
  return new Promise((resolve) => {
    const { request: open } = call.url.protocol === 'https:' ? https : http;
    const body = call.body(id);
    const request = open(call.url, {
      method: 'POST',
      agent,
      headers: { ...call.headers, 'content-length': Buffer.byteLength(body) },
    });
    const reused = () => (request.reusedSocket ? { reused: true as const } : {});
    const finish = (ended: Ended) => {
      clearTimeout(limit);
      resolve({ ...ended, ...reused() });
    };
    const limit = setTimeout(() => {
      finish({ outcome: 'timeout', error: `no answer within ${String(call.limitMs)} ms` });
      request.destroy();
    }, call.limitMs);
    request.on('error', (error: NodeJS.ErrnoException) => {
      finish({ outcome: 'network-error', error: error.code ?? error.message });
    });
    request.on('response', (response) => {
      read(response, call, id, finish);
    });
    request.end(body);
  });
}

/** The answer is one document, or a stream of events of which one is the answer: that one ends the call. */
function read(response: http.IncomingMessage, call: Prepared, id: number, finish: (ended: Ended) => void): void {
  const { headers, statusCode: httpStatus = 0 } = response;
  const streamed = headers['content-type']?.startsWith('text/event-stream') === true;
  let text = '';
  let scanned = 0;
  const conclude = (ended: Ended) => {
    finish({ httpStatus, ...ended });
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > LONGEST_ANSWER) {
      conclude({ outcome: 'wrong-payload', error: `the answer is longer than ${String(LONGEST_ANSWER)} characters` });
      response.destroy();
    }
    if (!streamed) return;
    for (let end = text.indexOf('\n', scanned); end !== -1; end = text.indexOf('\n', scanned)) {
      const line = text.slice(scanned, end);
      scanned = end + 1;
      const ended = line.startsWith('data:') ? call.judgeEvent?.(line.slice(5), id, headers) : undefined;
      if (ended !== undefined) conclude(ended);
    }
  });
  // Reported once per call: whatever comes after the answer changes nothing.
  response.on('end', () => {
    if (streamed) conclude({ outcome: 'network-error', error: 'the stream ended without an answer' });
    else conclude(call.judge({ httpStatus, headers, text }));
  });
  response.on('error', (error: NodeJS.ErrnoException) => {
    conclude({ outcome: 'network-error', error: `while answering: ${error.code ?? error.message}` });
  });
}
