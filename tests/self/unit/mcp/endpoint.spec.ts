import { expect, test } from '@playwright/test';
import type { Node, Pod } from '../../../../helpers/kubernetes/resources.ts';
import { nodeAddress } from '../../../../helpers/mcp/endpoint.ts';

function node(name: string, ready: boolean, ...addresses: [type: string, address: string][]): Node {
  return {
    metadata: { name },
    status: {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      addresses: addresses.map(([type, address]) => ({ type, address })),
    },
  };
}

test.describe('The address of a NodePort', { tag: '@static' }, () => {
  test('should be that of a ready node, from inside if there is one', () => {
    const nodes = [
      node('down', false, ['InternalIP', '10.0.0.1']),
      node('up', true, ['ExternalIP', '192.0.2.2'], ['InternalIP', '10.0.0.2']),
    ];
    expect(nodeAddress(nodes)).toBe('10.0.0.2');
  });

  test('should be that of a node with a ready pod where only those answer', () => {
    const nodes = [node('a', true, ['InternalIP', '10.0.0.1']), node('b', true, ['InternalIP', '10.0.0.2'])];
    const pod: Pod = {
      spec: { nodeName: 'b', containers: [] },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    };
    expect(nodeAddress(nodes, [pod])).toBe('10.0.0.2');
  });

  test('should be missed with advice', () => {
    expect(() => nodeAddress([node('a', false, ['InternalIP', '10.0.0.1'])])).toThrow(/No ready node/);
  });
});
