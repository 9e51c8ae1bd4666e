import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { outageWindows } from '../../../helpers/traffic/analysis/windows.ts';
import { Probers } from '../../../helpers/traffic/probers/probers.ts';
import type { ProberAddress } from '../../../helpers/traffic/probers/probers.ts';
import { isTrafficCall } from '../../../helpers/traffic/records.ts';
import { freePorts } from '../serving/image-process.ts';
import { planFor, readTraffic, startEndpoint } from './rig.ts';

const PROBER = join(import.meta.dirname, '../../../helpers/traffic/probers/prober.ts');
const TOKEN = 'known to both';

/** What pods run, as processes of this machine. */
test.describe('probers', { tag: '@static' }, () => {
  let endpoint: Awaited<ReturnType<typeof startEndpoint>>;
  let processes: ChildProcess[] = [];

  test.beforeEach(async () => {
    endpoint = await startEndpoint();
    processes = [];
  });

  test.afterEach(async () => {
    for (const child of processes) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await endpoint.stop();
  });

  async function startProbers(count: number): Promise<ProberAddress[]> {
    const addresses: ProberAddress[] = [];
    for (const port of await freePorts(count)) {
      const env = { ...process.env, PROBER_PORT: String(port), PROBER_TOKEN: TOKEN };
      const child = spawn(process.execPath, [PROBER], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      processes.push(child);
      await once(child.stdout, 'data');
      addresses.push({ base: `http://127.0.0.1:${String(port)}`, token: TOKEN });
    }
    return addresses;
  }

  test('should make the traffic of one observer together, and find an outage where it was', async ({}, testInfo) => {
    const file = testInfo.outputPath('traffic.jsonl');
    const traffic = await Probers.start(planFor(endpoint.url, file), await startProbers(3));
    await delay(1_500);
    const truth = await endpoint.inject('outage', 300);
    await delay(1_000);
    await traffic.stop();

    const records = readTraffic(file);
    expect(records[0]).toMatchObject({ type: 'traffic', sessions: 10 });
    expect(records[0]).toHaveProperty('offered.new-connection', expect.closeTo(90));
    expect(records.at(-1)).toMatchObject({ type: 'traffic-end', unfinished: 0 });
    const calls = records.filter(isTrafficCall);
    expect(new Set(calls.map(({ id }) => id.split('/')[0]))).toEqual(new Set(['1', '2', '3']));
    expect(new Set(calls.flatMap(({ session }) => session ?? [])).size).toBe(10);
    const short = calls.filter(({ path }) => path === 'new-connection' || path === 'kept-alive');
    const [window, ...others] = outageWindows(short);
    expect(others).toEqual([]);
    // All clocks are this machine's: what is found may be off by what the instrument is off, on a busy machine.
    expect(Math.abs((window?.start ?? 0) - truth.start)).toBeLessThan(50);
    expect(Math.abs((window?.end ?? 0) - truth.end)).toBeLessThan(50);
    for (const { clockErrorMs = Infinity } of calls) expect(clockErrorMs).toBeLessThan(50);
  });

  test('should be of no use to whoever does not know the token', async ({}, testInfo) => {
    const [prober] = await startProbers(1);
    if (prober === undefined) throw new Error('there is one');
    const stranger = { ...prober, token: 'guessed' };
    await expect(Probers.start(planFor(endpoint.url, testInfo.outputPath('x.jsonl')), [stranger])).rejects.toThrow(
      'Prober 1: /clock: 401',
    );
  });

  test('should say which of them is gone, and with what reason one cannot begin', async ({}, testInfo) => {
    const plan = planFor(endpoint.url, testInfo.outputPath('traffic.jsonl'));
    const addresses = await startProbers(2);
    const nowhere = { ...plan, url: endpoint.url.replace(/:\d+/, ':9') };
    await expect(Probers.start(nowhere, addresses)).rejects.toThrow(
      /Prober \d: \/start: 500 Traffic could not be made/,
    );
    const traffic = await Probers.start(plan, addresses);
    processes[1]?.kill('SIGKILL');
    await expect(traffic.stop()).rejects.toThrow('Prober 2: /stop got no answer');
  });
});
