import { configured, lists, sorted } from './normalise.ts';
import type { GatewayAdapter, GatewayApi, Subject } from './types.ts';

const HEADERS = '/v1/admin/config/passthrough-headers';
const bodyOf = async <T>(api: GatewayApi, path: string) => (await api.get(path)).body as T;
/** limit 0 means all; what was switched off is listed too. */
const list = (api: GatewayApi, kind: string) =>
  bodyOf<{ id: string; name: string; url: string }[]>(api, `/v1/${kind}?limit=0&include_inactive=true`);
const find = async (api: GatewayApi, tool: string) => (await list(api, 'tools')).find(({ name }) => name === tool);
const pathOf = async (api: GatewayApi, tool: string) => `/v1/tools/${(await find(api, tool))?.id ?? `not: ${tool}`}`;
/** Which tools the server publishes: `publish` sets them. */
async function published(api: GatewayApi, { path }: Subject) {
  const server = `/v1/servers/${path.split('/')[2] ?? ''}`;
  const { associatedToolIds: ids } = await bodyOf<{ associatedToolIds: string[] }>(api, server);
  return { ids, publish: (tools: string[]) => api.send('PUT', server, { associated_tools: tools }) };
}

/** ContextForge 1.x: everything but its environment is in the database, and changes there without a restart. */
export const contextforge: GatewayAdapter = {
  state: async (api) => ({
    tools: configured(await list(api, 'tools'), ['name', 'description', 'enabled', 'visibility', 'inputSchema']),
    servers: configured(await list(api, 'servers'), ['name', 'id', 'enabled', 'visibility', 'associatedTools']),
    gateways: configured(await list(api, 'gateways'), ['name', 'url', 'enabled', 'visibility', 'transport']),
    policies: await bodyOf(api, HEADERS),
    settings: await contextforge.settings?.(api),
  }),
  settings: async (api) => {
    const { body, headers } = await api.get('/v1/admin/config/settings');
    return sorted({ ...(body as { groups: object }).groups, rateLimit: headers['x-ratelimit-limit'] ?? 'none' });
  },
  changes: {
    'add-tool': async (api, subject) => {
      const { ids, publish } = await published(api, subject);
      const url = (await find(api, subject.tool))?.url;
      const tool = { name: 'seatrial-added', url, integration_type: 'REST', request_type: 'GET' };
      const added = async () => ((await api.send('POST', '/v1/tools', { tool })).body as { id: string }).id;
      const remove = async () => api.send('DELETE', await pathOf(api, tool.name));
      const apply = async () => publish([...ids, await added()]);
      return { kind: 'gateway', apply, undo: () => publish(ids).then(remove), effect: lists(tool.name) };
    },
    'tool-state': async (api, subject) => {
      const path = `${await pathOf(api, subject.tool)}/state?activate=`;
      const set = (active: boolean) => () => api.send('POST', `${path}${String(active)}`);
      return { kind: 'gateway', apply: set(false), undo: set(true), effect: lists(subject.tool, false) };
    },
    'access-policy': async (api, subject) => {
      const path = await pathOf(api, subject.tool);
      const set = (visibility: string) => () => api.send('PUT', path, { visibility });
      return { kind: 'policy', apply: set('private'), undo: set('public'), effect: lists(subject.tool, false) };
    },
  },
  invalid: {
    'a tool that does not exist': async (api, subject) => {
      const { ids, publish } = await published(api, subject);
      return { apply: () => publish(['f'.repeat(32)]), undo: () => publish(ids) };
    },
  },
  save: (api) => bodyOf(api, '/v1/export'),
  load: (api, saved) => api.send('POST', '/v1/import', { import_data: saved, conflict_strategy: 'update' }),
};
