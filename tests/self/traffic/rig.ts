import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clockOffsetMs } from '../../../helpers/traffic/clock.ts';
import type { McpTrafficPlan } from '../../../helpers/traffic/plan.ts';
import type { TrafficRecord } from '../../../helpers/traffic/records.ts';
import { bestPriority } from '../../../helpers/traffic/traffic.ts';
import type { EndpointCommand, EndpointMessage, Fault } from './endpoint.ts';

/** The endpoint with known truth, as a process: as punctual as the observer, else its truth would be less true than what is seen. */
export async function startEndpoint() {
  const [, prefix] = bestPriority();
  const command = [...prefix, process.execPath, join(import.meta.dirname, 'endpoint.ts')];
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const hear = <T extends EndpointMessage['type']>(type: T) =>
    new Promise<Extract<EndpointMessage, { type: T }>>((resolve) => {
      const listen = (message: EndpointMessage) => {
        if (message.type !== type) return;
        child.off('message', listen);
        resolve(message as Extract<EndpointMessage, { type: T }>);
      };
      child.on('message', listen);
    });
  const { url } = await hear('listening');
  const tell = (command: EndpointCommand) => child.send(command);
  return {
    url,
    tell,
    /** Injects a fault and returns when it really began and ended, in ms since the epoch. */
    inject: async (fault: Fault, durationMs: number) => {
      tell({ type: 'fault', fault, durationMs });
      const { start, end } = await hear('fault-over');
      const offset = clockOffsetMs();
      return { start: start + offset, end: end + offset };
    },
    stop: async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

/** Traffic to the endpoint: 200 calls a second, as the design asks for. */
export function planFor(url: string, file: string, plan: Partial<McpTrafficPlan> = {}): McpTrafficPlan {
  return {
    kind: 'mcp',
    url,
    protocol: '2025-11-25',
    toolCall: { tool: 'echo', arguments: {}, expect: 'well' },
    rates: { newConnection: 90, keptAlive: 90, session: 10, control: 10 },
    sessions: 10,
    control: { url: new URL('/control', url).href },
    file,
    clockOffsetMs: clockOffsetMs(),
    limits: { callMs: 5_000, totalMs: 600_000 },
    ...plan,
  };
}

export function readTraffic(file: string): TrafficRecord[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrafficRecord);
}
