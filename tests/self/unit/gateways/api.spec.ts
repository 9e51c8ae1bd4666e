import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { GatewayError, HttpGateway } from '../../../../helpers/gateways/api.ts';
import { gatewayNames } from '../../../../helpers/gateways/registry.ts';
import { startStatefulPeer } from './stateful-peer.ts';
import type { StatefulPeer } from './stateful-peer.ts';

test.describe('A gateway that is asked by tools', { tag: '@static' }, () => {
  let peer: StatefulPeer;
  let gateway: HttpGateway;
  let writes: string[];

  test.beforeEach(async () => {
    peer = await startStatefulPeer();
    writes = [];
    gateway = new HttpGateway({
      base: new URL(peer.url).origin,
      path: '/mcp',
      token: undefined,
      adminToken: undefined,
      protocol: 'auto',
      signal: undefined,
      limitMs: 5_000,
      history: { write: (verb, target) => writes.push(`${verb} ${target}`) },
    });
  });

  test.afterEach(async () => {
    await gateway.close();
    await peer.close();
  });

  test('should answer in full, however long the answer is', async () => {
    expect(await gateway.askTool('repeat', { text: 'sea ', times: 1000 })).toHaveLength(4000);
  });

  test('should write to the history what changes something, and nothing else', async () => {
    await gateway.tools();
    await gateway.askTool('repeat', { text: 'a', times: 1 });
    expect(writes).toEqual([]);
    await gateway.callTool('repeat', { text: 'a', times: 1 });
    expect(writes).toEqual(['tools/call repeat']);
  });

  test('should tell a refusal', async () => {
    await expect(gateway.callTool('fail', {})).rejects.toThrow(GatewayError);
    await expect(gateway.callTool('no-such-tool', {})).rejects.toThrow(GatewayError);
  });

  test('should not take an answer that never came for a refusal', async () => {
    await gateway.tools();
    await peer.close();
    const thrown = await gateway.callTool('fail', {}).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(Error);
    expect(thrown).not.toBeInstanceOf(GatewayError);
  });

  test('should be asked in a new session when the old one went with its pod', async () => {
    const tools = await gateway.tools();
    peer.restart();
    expect(await gateway.tools()).toEqual(tools);
    peer.restart();
    expect(await gateway.askTool('repeat', { text: 'a', times: 3 })).toBe('aaa');
  });
});

test.describe('Adapters', { tag: '@static' }, () => {
  for (const name of gatewayNames)
    test(`should take no more than 60 lines: ${name}`, () => {
      const text = readFileSync(join(import.meta.dirname, `../../../../helpers/gateways/${name}.ts`), 'utf8');
      expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    });
});
