import { expect, test } from '@playwright/test';
import type { CallRecord } from '../../../../helpers/history/records.ts';
import { McpCallError, McpClient, requireTool } from '../../../../helpers/mcp/client.ts';
import { startPeer } from './peer.ts';
import type { Peer } from './peer.ts';

const echo = { tool: 'echo', arguments: { text: 'Ahoy' }, expect: 'Ahoy' };

test.describe('The MCP client', { tag: '@static' }, () => {
  let peer: Peer;
  let client: McpClient | undefined;

  test.beforeEach(async () => {
    peer = await startPeer();
  });

  test.afterEach(async () => {
    await client?.close();
    client = undefined;
    await peer.close();
  });

  async function call(misbehave: string, toolCall = echo): Promise<CallRecord> {
    const url = misbehave === '' ? peer.url : `${peer.url}?misbehave=${misbehave}`;
    client = await McpClient.connect({ url, protocol: '2025-11-25', timeoutMs: 1500 });
    return client.callTool(toolCall);
  }

  test('should record an honest answer, with who served it', async () => {
    expect(await call('')).toMatchObject({
      method: 'tools/call',
      tool: 'echo',
      outcome: 'served',
      httpStatus: 200,
      protocol: '2025-11-25',
      servedBy: { pod: 'peer-1' },
    });
  });

  test('should tell an error of the tool inside HTTP 200', async () => {
    const record = await call('', { tool: 'fail', arguments: {} as never, expect: 'x' });
    expect(record).toMatchObject({ outcome: 'tool-error', httpStatus: 200, error: 'no luck' });
  });

  test('should tell a result that is not the expected one', async () => {
    const record = await call('', { ...echo, expect: 'Goodbye' });
    expect(record).toMatchObject({ outcome: 'wrong-payload', error: expect.stringContaining('"Goodbye"') });
  });

  const kinds = [
    { kind: 'rpc-error', outcome: 'rpc-error', httpStatus: 200, error: 'the backend is gone' },
    { kind: 'unavailable', outcome: 'http-error', httpStatus: 503, error: '503' },
    { kind: 'html', outcome: 'wrong-payload', httpStatus: 200, error: 'text/html' },
    { kind: 'no-json', outcome: 'wrong-payload', httpStatus: 200, error: 'JSON' },
    { kind: 'no-result', outcome: 'wrong-payload', httpStatus: 200, error: '' },
    { kind: 'hang', outcome: 'timeout', httpStatus: undefined, error: 'timed out' },
  ] as const;
  for (const { kind, outcome, httpStatus, error } of kinds) {
    test(`should tell the answer "${kind}" as ${outcome}`, async () => {
      const record = await call(kind);
      expect(record.outcome).toBe(outcome);
      expect(record.httpStatus).toBe(httpStatus);
      expect(record.error).toContain(error);
    });
  }

  test('should tell an answer that is cut off as network-error', async () => {
    expect((await call('cut-off')).outcome).toBe('network-error');
  });

  test('should negotiate the older era with a server that knows no other', async () => {
    client = await McpClient.connect({ url: peer.url, protocol: 'auto' });
    expect(client.protocol).toBe('2025-11-25');
  });

  test('should refuse to fall back when the newer era is asked for', async () => {
    const connecting = McpClient.connect({ url: peer.url, protocol: '2026-07-28' });
    await expect(connecting).rejects.toThrow(McpCallError);
  });

  test('should send the token with every request', async () => {
    client = await McpClient.connect({ url: peer.url, protocol: '2025-11-25', token: 'a-token' });
    await client.listTools();
    expect(new Set(peer.tokens)).toEqual(new Set(['a-token']));
  });

  test('should tell a server that is not there as a network error', async () => {
    const records: CallRecord[] = [];
    await peer.close();
    const connecting = McpClient.connect({ url: peer.url, protocol: 'auto', onCall: (record) => records.push(record) });
    await expect(connecting).rejects.toThrow(/ECONNREFUSED/);
    expect(records).toMatchObject([{ method: 'initialize', outcome: 'network-error' }]);
  });

  test('should keep the outcomes of calls that run side by side apart', async () => {
    client = await McpClient.connect({ url: peer.url, protocol: '2025-11-25' });
    const { callTool } = { callTool: client.callTool.bind(client) };
    const records = await Promise.all([
      callTool(echo),
      callTool({ tool: 'none', arguments: {}, expect: '' }),
      callTool(echo),
    ]);
    expect(records.map(({ outcome }) => outcome === 'served')).toEqual([true, false, true]);
    expect(new Set(records.map(({ id }) => id)).size).toBe(3);
  });

  test('should name the tools that there are when one is not', async () => {
    client = await McpClient.connect({ url: peer.url, protocol: '2025-11-25' });
    const tools = await client.listTools();
    expect(() => {
      requireTool('ecko', tools);
    }).toThrow(/no tool "ecko"; it has echo, fail[\s\S]*did you mean "echo"/);
  });
});
