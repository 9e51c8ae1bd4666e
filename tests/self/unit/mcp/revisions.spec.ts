import { expect, test } from '@playwright/test';
import type { CallRecord } from '../../../../helpers/history/records.ts';
import { McpCallError, McpClient } from '../../../../helpers/mcp/client.ts';
import type { Protocol } from '../../../../helpers/mcp/client.ts';
import { startPeer } from './peer.ts';
import type { Peer } from './peer.ts';
import { startStatelessPeer } from './stateless-peer.ts';

const echo = { tool: 'echo', arguments: { text: 'Ahoy' }, expect: 'Ahoy' };

test.describe('Revisions of the protocol', { tag: '@static' }, () => {
  const open: { close(): Promise<void> }[] = [];

  test.afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  async function connect(starting: Promise<Peer>, protocol: Protocol) {
    const peer = await starting;
    open.push(peer);
    const records: CallRecord[] = [];
    const onCall = (record: CallRecord) => records.push(record);
    const client = await McpClient.connect({ url: peer.url, protocol, onCall, timeoutMs: 5000 });
    open.push(client);
    return { client, records };
  }

  for (const protocol of ['auto', '2026-07-28'] as const) {
    test(`should be 2026-07-28, without a session, with a stateless server when "${protocol}" is asked for`, async () => {
      const { client, records } = await connect(startStatelessPeer(), protocol);
      const tools = await client.listTools();
      await client.callTool(echo);
      expect(tools.map(({ name }) => name)).toEqual(['echo', 'fail']);
      expect(client).toMatchObject({ protocol: '2026-07-28', sessionId: undefined });
      const served = { outcome: 'served', httpStatus: 200, protocol: '2026-07-28' };
      expect(records).toMatchObject([
        { ...served, method: 'initialize' },
        { ...served, method: 'tools/list', result: '2 tools' },
        { ...served, method: 'tools/call', tool: 'echo', servedBy: { pod: 'stateless-1' } },
      ]);
    });
  }

  test('should tell the same failures apart in 2026-07-28', async () => {
    const { client } = await connect(startStatelessPeer(), '2026-07-28');
    const records = await Promise.all([
      client.callTool({ tool: 'fail', arguments: {}, expect: '' }),
      client.callTool({ tool: 'none', arguments: {}, expect: '' }),
      client.callTool({ ...echo, expect: 'Goodbye' }),
    ]);
    expect(records).toMatchObject([
      { outcome: 'tool-error', protocol: '2026-07-28', error: 'no luck' },
      { outcome: 'rpc-error', protocol: '2026-07-28', error: expect.stringContaining('none') },
      { outcome: 'wrong-payload', protocol: '2026-07-28', error: expect.stringContaining('"Goodbye"') },
    ]);
  });

  test('should be 2025-11-25 where that is asked for', async () => {
    const { client, records } = await connect(startPeer(), '2025-11-25');
    await client.callTool(echo);
    expect(client.protocol).toBe('2025-11-25');
    const served = { outcome: 'served', protocol: '2025-11-25' };
    expect(records).toMatchObject([
      { ...served, method: 'initialize' },
      { ...served, method: 'tools/call', servedBy: { pod: 'peer-1' } },
    ]);
  });

  test('should not be mixed: a stateless server refuses who asks for 2025-11-25', async () => {
    await expect(connect(startStatelessPeer(), '2025-11-25')).rejects.toThrow(McpCallError);
  });
});
