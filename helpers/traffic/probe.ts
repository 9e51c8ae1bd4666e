import http from 'node:http';
import https from 'node:https';
import type { TrafficPlan } from './plan.ts';
import type { Ended } from './send.ts';

/** Asks the control endpoint once, over a connection of its own. Never rejects. */
export function probe({ url, ca }: NonNullable<TrafficPlan['control']>, limitMs: number): Promise<Ended> {
  return new Promise((resolve) => {
    const { get } = url.startsWith('https:') ? https : http;
    const request = get(url, { agent: false, timeout: limitMs, ...(ca === undefined ? {} : { ca }) }, (response) => {
      response.resume();
      const httpStatus = response.statusCode ?? 0;
      response.on('end', () => {
        resolve(
          httpStatus < 500
            ? { outcome: 'served', httpStatus }
            : { outcome: 'http-error', httpStatus, error: `HTTP ${String(httpStatus)}` },
        );
      });
      response.on('error', (error) => {
        resolve({ outcome: 'network-error', error: error.message });
      });
    });
    request.on('timeout', () => {
      resolve({ outcome: 'timeout', error: `no answer within ${String(limitMs)} ms` });
      request.destroy();
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ outcome: 'network-error', error: error.code ?? error.message });
    });
  });
}
