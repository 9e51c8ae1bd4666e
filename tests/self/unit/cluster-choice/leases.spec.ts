import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dropLease, liveLeases, processStartTime, takeLease } from '../../../../helpers/cluster/leases.ts';

test.describe('leases', { tag: '@static' }, () => {
  const folder = () => test.info().outputPath('leases');

  test('should count a live owner once however often it takes the lease', () => {
    takeLease(folder(), process.pid);
    takeLease(folder(), process.pid);
    expect(liveLeases(folder())).toEqual([{ pid: process.pid, started: processStartTime(process.pid) ?? 'unknown' }]);
  });

  test('should have no leases where nobody ever took one', () => {
    expect(liveLeases(folder())).toEqual([]);
  });

  test('should forget a lease that was given back', () => {
    takeLease(folder(), process.pid);
    dropLease(folder(), process.pid);
    dropLease(folder(), process.pid);
    expect(liveLeases(folder())).toEqual([]);
  });

  test('should ignore and remove the lease of a process that was killed', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    takeLease(folder(), pid);
    expect(liveLeases(folder()).map((lease) => lease.pid)).toEqual([pid]);

    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    expect(liveLeases(folder())).toEqual([]);
    expect(readdirSync(folder())).toEqual([]);
  });

  test('should not take another process with a reused pid for the owner', () => {
    takeLease(folder(), process.pid);
    writeFileSync(join(folder(), `${String(process.pid)}.json`), JSON.stringify({ pid: process.pid, started: '1' }));
    expect(liveLeases(folder())).toEqual([]);
  });

  test('should ignore a file that was cut off', () => {
    takeLease(folder(), process.pid);
    writeFileSync(join(folder(), `${String(process.pid)}.json`), '{"pid":');
    expect(liveLeases(folder())).toEqual([]);
  });

  test('should refuse a lease for a process that does not run', () => {
    expect(() => {
      takeLease(folder(), 2 ** 30);
    }).toThrow(/not running/);
  });
});
