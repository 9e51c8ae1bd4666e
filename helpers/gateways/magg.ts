import { GatewayError } from './api.ts';
import { configured } from './normalise.ts';
import type { GatewayAdapter } from './types.ts';

/** magg is asked by tools of its own. That it refuses is no error of the tool, but stands in its answer. */
async function answered(answer: Promise<string>): Promise<unknown> {
  const { errors, output } = JSON.parse(await answer) as { errors: string[] | null; output: unknown };
  if (errors !== null) throw new GatewayError(200, errors.join('; '));
  return output;
}

/** A tool server that does not exist: magg must not get to know it. */
const STRANGER = { name: 'seatrial', source: 'http://seatrial.invalid/mcp', uri: 'http://seatrial.invalid/mcp' };

/**
 * magg 1.x: its configuration is a file, which a target changes by Helm values. What it has made of the file, each replica tells; about
 * policies it knows nothing.
 */
export const magg: GatewayAdapter = {
  state: async (api) => ({
    tools: await api.tools(),
    servers: configured(await answered(api.askTool('magg_list_servers', {})), ['name', 'uri', 'prefix', 'enabled']),
  }),
  invalid: {
    'a tool server that a client adds, past the file': (api) =>
      Promise.resolve({
        apply: () => answered(api.callTool('magg_add_server', { ...STRANGER, prefix: 'seatrial' })),
        undo: () => answered(api.callTool('magg_remove_server', { name: STRANGER.name })),
      }),
  },
};
