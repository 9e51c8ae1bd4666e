import { configured } from './normalise.ts';
import type { GatewayAdapter, GatewayApi, Subject } from './types.ts';

const HEADERS = '/v1/admin/config/passthrough-headers';
const bodyOf = async <T>(api: GatewayApi, path: string) => (await api.get(path)).body as T;
/** limit 0 means all; what was switched off is listed too. */
const list = (api: GatewayApi, kind: string) =>
  bodyOf<{ id: string; name: string }[]>(api, `/v1/${kind}?limit=0&include_inactive=true`);
const pathOf = async (api: GatewayApi, { tool }: Subject) =>
  `/v1/tools/${(await list(api, 'tools')).find(({ name }) => name === tool)?.id ?? `no tool is named ${tool}`}`;
const hides = async (pod: GatewayApi, { tool }: Subject) => !(await pod.tools()).includes(tool);

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
    return { ...(body as { groups: object }).groups, rateLimit: headers['x-ratelimit-limit'] ?? 'none' };
  },
  changes: {
    'tool-state': async (api, subject) => {
      const path = `${await pathOf(api, subject)}/state?activate=`;
      const set = (active: boolean) => () => api.send('POST', `${path}${String(active)}`);
      return { kind: 'gateway', apply: set(false), undo: set(true), effect: (pod) => hides(pod, subject) };
    },
    'access-policy': async (api, subject) => {
      const path = await pathOf(api, subject);
      const set = (visibility: string) => () => api.send('PUT', path, { visibility });
      return { kind: 'policy', apply: set('private'), undo: set('public'), effect: (pod) => hides(pod, subject) };
    },
    'header-policy': async (api) => {
      const before = await bodyOf<{ passthrough_headers: string[] }>(api, HEADERS);
      const more = { passthrough_headers: [...before.passthrough_headers, 'X-Seatrial'] };
      const set = (headers: object) => () => api.send('PUT', HEADERS, headers);
      const effect = async (pod: GatewayApi) => JSON.stringify(await bodyOf(pod, HEADERS)).includes('X-Seatrial');
      return { kind: 'policy', apply: set(more), undo: set(before), effect };
    },
  },
  invalid: {
    'a server with a tool that does not exist': async (api, { path }) => {
      const server = `/v1/${path.split('/').slice(1, 3).join('/')}`;
      const { associatedToolIds } = await bodyOf<{ associatedToolIds: string[] }>(api, server);
      const set = (tools: string[]) => () => api.send('PUT', server, { associated_tools: tools });
      return { apply: set(['f'.repeat(32)]), undo: set(associatedToolIds) };
    },
  },
  backup: {
    save: (api) => bodyOf(api, '/v1/export'),
    load: async (api, saved) =>
      (await api.send('POST', '/v1/import', { import_data: saved, conflict_strategy: 'update' })).body,
  },
};
