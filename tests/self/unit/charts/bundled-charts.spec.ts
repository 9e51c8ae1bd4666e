import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { matchReadme } from '../../../../helpers/experiments/chart/readme.ts';
import { describedPaths, matchSchema } from '../../../../helpers/experiments/chart/schema.ts';
import { isTree, leafPaths } from '../../../../helpers/experiments/chart/values.ts';
import type { Tree } from '../../../../helpers/experiments/chart/values.ts';

const contextforge = 'fixtures/targets/contextforge';
const POSTGRES_MAX_CONNECTIONS = 100;

/** Targets, and the suite itself: what is asked of charts holds for its own. */
const charts: { folder: string; name: string; given?: string }[] = [
  { folder: contextforge, name: 'gateway', given: 'values/gateway.yaml' },
  { folder: contextforge, name: 'custom-server', given: 'values/custom-server.yaml' },
  { folder: 'fixtures/targets/magg', name: 'magg', given: 'values/magg.yaml' },
  { folder: '.', name: 'seatrial' },
];

/** `longestCall`: the value that bounds a call, in seconds; none where calls are cut off when their pod is told to stop. */
const servers: { target: string; name: string; longestCall?: string }[] = [
  { target: contextforge, name: 'gateway', longestCall: 'config.TOOL_TIMEOUT' },
  { target: contextforge, name: 'custom-server', longestCall: 'config.ARCADE_UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN' },
  { target: 'fixtures/targets/magg', name: 'magg' },
];

for (const { folder, name, given: file } of charts) {
  test.describe(`chart ${name}`, { tag: '@static' }, () => {
    const chart = join(folder, 'charts', name);
    const values = tree(parse(read(chart, 'values.yaml')));
    const schema = tree(JSON.parse(read(chart, 'values.schema.json')));
    const readme = read(chart, 'README.md');
    const rows = valuesTable(readme);

    test('should document every value in the README, and nothing else', () => {
      expect(matchReadme(readme, values, describedPaths(schema))).toMatchObject({ undocumented: [], stale: [] });
      expect(rows.map(({ key }) => key)).toEqual(leafPaths(values));
    });

    test('should document every default as it is, with a meaning', () => {
      const documented = rows.map(({ key, value }): [string, unknown] => [key, parse(value)]);
      expect(documented).toEqual(leafPaths(values).map((path) => [path, at(values, path)]));
      expect(rows.filter(({ meaning }) => meaning === '')).toEqual([]);
    });

    test('should describe exactly its values in the schema', () => {
      expect(matchSchema(values, schema)).toEqual({
        hasSchema: true,
        valuesWithoutSchema: [],
        schemaWithoutValues: [],
      });
    });

    test('should refuse unknown names in every mapping that has fields of its own', () => {
      expect(openMappings(schema, '')).toEqual([]);
    });

    test('should accept its defaults and the values of the bundled target', () => {
      const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
      const merged = file === undefined ? values : merge(values, tree(parse(read(folder, file))));
      for (const given of [values, merged]) expect([validate(given), validate.errors]).toEqual([true, null]);
    });

    test('should describe installing, upgrading, rolling back and uninstalling', () => {
      for (const heading of ['Install', 'Upgrade', 'Rollback', 'Uninstall'])
        expect(readme).toContain(`\n## ${heading}\n`);
    });
  });
}

for (const { target, name, longestCall } of servers) {
  test.describe(`chart ${name}`, { tag: '@static' }, () => {
    test('should give a pod time for its longest call before it is killed', () => {
      const values = tree(parse(read(join(target, 'charts', name), 'values.yaml')));
      const longest = longestCall === undefined ? 0 : Number(at(values, longestCall));
      const needed = Number(at(values, 'preStopSeconds')) + longest;
      expect(Number(at(values, 'terminationGracePeriodSeconds'))).toBeGreaterThan(needed);
    });
  });
}

test.describe('chart gateway', { tag: '@static' }, () => {
  test('should stay below the connections of its database while it is rolled', () => {
    const values = tree(parse(read(contextforge, 'charts/gateway/values.yaml')));
    const perReplica = Number(at(values, 'config.DB_POOL_SIZE')) + Number(at(values, 'config.DB_MAX_OVERFLOW'));
    expect(perReplica * (Number(at(values, 'replicaCount')) + 1)).toBeLessThan(POSTGRES_MAX_CONNECTIONS);
  });

  test('should be entered at the server that the bundled target registers, with a token for it', () => {
    const values = tree(parse(read(contextforge, 'values/gateway.yaml')));
    const { mcp } = parse(read(contextforge, 'target.yaml')) as {
      mcp: { endpoint: { path: string }; auth: { jwt: { claims: Record<string, string> } } };
    };
    const [server] = at(values, 'servers') as { id: string }[];
    expect(mcp.endpoint.path).toBe(`/servers/${server?.id ?? ''}/mcp`);
    expect(mcp.auth.jwt.claims).toMatchObject({
      iss: at(values, 'config.JWT_ISSUER'),
      aud: at(values, 'config.JWT_AUDIENCE'),
    });
  });
});

test.describe('chart magg', { tag: '@static' }, () => {
  test('should keep magg from an entry that it would leave out, with the tools that it had before', () => {
    const folder = 'fixtures/targets/magg/charts/magg';
    const validate = new Ajv2020({ strict: false }).compile(tree(JSON.parse(read(folder, 'values.schema.json'))));
    const entry = { name: 'custom', url: 'http://custom-server:9500/mcp', prefix: 'custom' };
    const accepts = (change: object) => validate({ servers: [{ ...entry, ...change }] });
    expect(accepts({})).toBe(true);
    expect([accepts({ prefix: 'custom_tools' }), accepts({ prefix: '1' }), accepts({ url: 'http://' })]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

function tree(value: unknown): Tree {
  if (!isTree(value)) throw new Error('not a mapping');
  return value;
}

function at(values: Tree, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (isTree(node) ? node[key] : undefined), values);
}

function merge(values: Tree, over: Tree): Tree {
  const merged = Object.entries(over).map(([key, value]): [string, unknown] => {
    const below = values[key];
    return [key, isTree(value) && isTree(below) ? merge(below, value) : value];
  });
  return { ...values, ...Object.fromEntries(merged) };
}

/** Rows of the table below the heading "Values": | `key` | `default` | meaning |. */
function valuesTable(readme: string): { key: string; value: string; meaning: string }[] {
  const [, table = ''] = readme.split('\n## Values\n');
  return [...table.matchAll(/^\| `([^`]+)` \| `([^`]*)` \| (.*) \|$/gm)].map(
    ([, key = '', value = '', meaning = '']) => ({ key, value, meaning: meaning.trim() }),
  );
}

/** Mappings of the schema with named fields in which a misspelt name would pass. Amounts of resources have any number of names. */
function openMappings(schema: Tree, path: string): string[] {
  const { properties, items, additionalProperties, propertyNames } = schema;
  const isOpen = isTree(properties) && additionalProperties !== false && propertyNames === undefined;
  const below = isTree(properties) ? Object.entries(properties) : [];
  const parts = isTree(items) ? [...below, ['items', items] as const] : below;
  const deeper = parts.flatMap(([key, part]) => (isTree(part) ? openMappings(part, `${path}/${key}`) : []));
  return isOpen ? [path, ...deeper] : deeper;
}
