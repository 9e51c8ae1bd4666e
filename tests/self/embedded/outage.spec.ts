import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { canStopNodes, stopNode } from '../../../helpers/cluster/embedded/outage.ts';

/** A pid namespace as a node has one, with a first process and a daemon that writes nothing and waits. */
interface Node {
  access: { kubeconfig: string };
  name: string;
  daemon: number;
  end: () => void;
}

const NAME = 'seatrial-outage-test';
let node: Node;

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** The state letter of a process: S sleeps, T is stopped. */
function stateOf(pid: number): string {
  return /\) (\w)/.exec(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'))?.[1] ?? '';
}

async function startNode(folder: string): Promise<Node> {
  const parent = spawn('unshare', ['--pid', '--fork', '--kill-child', 'sh', '-c', 'sleep 600 & exec sleep 601'], {
    stdio: 'ignore',
  });
  const firstChild = (pid: number | undefined) => (pid === undefined ? undefined : childrenOf(pid)[0]);
  await expect.poll(() => firstChild(firstChild(parent.pid)) ?? 0).toBeGreaterThan(0);
  const init = firstChild(parent.pid) ?? 0;
  mkdirSync(join(folder, 'nodes', NAME), { recursive: true });
  writeFileSync(join(folder, 'nodes', NAME, 'init.pid'), String(init));
  return {
    access: { kubeconfig: join(folder, 'kubeconfig') },
    name: NAME,
    daemon: firstChild(init) ?? 0,
    end: () => parent.kill('SIGKILL'),
  };
}

/** A process that stops the node and then waits to be killed. */
function stopFromElsewhere({ access, name }: Node): ChildProcess {
  const module = join(import.meta.dirname, '../../../helpers/cluster/embedded/outage.ts');
  const script = `const { stopNode } = await import(${JSON.stringify(module)}); await stopNode(${JSON.stringify(access)}, ${JSON.stringify(name)}); setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' });
}

test.describe('a lost node of the embedded cluster', { tag: '@smoke' }, () => {
  test.beforeEach(async ({}, testInfo) => {
    node = await startNode(testInfo.outputPath());
  });

  test.afterEach(() => {
    node.end();
  });

  test('should stand still until it is let go on', async () => {
    const resume = await stopNode(node.access, node.name);
    // A process that runs takes the signal at its next return to user mode.
    await expect.poll(() => stateOf(node.daemon)).toBe('T');
    await resume();
    await expect.poll(() => stateOf(node.daemon)).toBe('S');
  });

  test('should go on when whoever stopped it is killed', async () => {
    const other = stopFromElsewhere(node);
    await expect.poll(() => stateOf(node.daemon)).toBe('T');
    other.kill('SIGKILL');
    await expect.poll(() => stateOf(node.daemon)).toBe('S');
  });

  test('should be told when there is no such node', async () => {
    await expect(stopNode(node.access, 'seatrial-none')).rejects.toThrow(/could not be stopped: .*ENOENT.*init\.pid/);
  });

  test('should be had nowhere else', () => {
    expect(canStopNodes({ provider: 'embedded' })).toBeUndefined();
    expect(canStopNodes({ provider: 'kubeconfig' })).toMatch(/kubeconfig cannot be stopped/);
  });
});
