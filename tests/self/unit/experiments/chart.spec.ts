import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { matchReadme } from '../../../../helpers/experiments/chart/readme.ts';
import { describedPaths, matchSchema } from '../../../../helpers/experiments/chart/schema.ts';
import { firstScalar, leafPaths, pathsTo, treeWith } from '../../../../helpers/experiments/chart/values.ts';

const values = {
  image: { repository: 'a', tag: '1' },
  replicas: 2,
  tolerations: [],
  resources: {},
  probes: { startup: { path: '/ready' } },
};

test.describe('Values of a chart', { tag: '@static' }, () => {
  test('should be told by their paths, lists and empty mappings as they are', () => {
    expect(leafPaths(values)).toEqual([
      'image.repository',
      'image.tag',
      'replicas',
      'tolerations',
      'resources',
      'probes.startup.path',
    ]);
    expect(pathsTo('a.b.c')).toEqual(['a', 'a.b', 'a.b.c']);
  });

  test('should be put at any path', () => {
    const key = fc.stringMatching(/^[a-z]{1,5}$/);
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), (keys) => {
        expect(leafPaths(treeWith(keys.join('.'), 1))).toEqual([keys.join('.')]);
      }),
    );
  });

  test('should be broken at the first text, number or boolean', () => {
    expect(firstScalar({ list: [], empty: {}, deep: { flag: false } })).toBe('deep.flag');
    expect(firstScalar({ list: [] })).toBeUndefined();
  });
});

test.describe('The schema of a chart', { tag: '@static' }, () => {
  const probe = { type: 'object', properties: { path: { type: 'string' } } };
  const schema = {
    $defs: { probe },
    type: 'object',
    additionalProperties: false,
    properties: {
      global: { type: 'object' },
      image: { allOf: [{ properties: { repository: {} } }, { properties: { tag: {} } }] },
      replicas: { type: 'integer' },
      tolerations: { type: 'array' },
      resources: { type: 'object', properties: { limits: {} } },
      probes: { properties: { startup: { $ref: '#/$defs/probe' } } },
    },
  };

  test('should match when both name the same values, through references and combinations', () => {
    expect(matchSchema(values, schema)).toEqual({ hasSchema: true, valuesWithoutSchema: [], schemaWithoutValues: [] });
  });

  test('should be missing something when a value is not described', () => {
    const more = { ...values, image: { ...values.image, digest: '' }, extra: 1 };
    expect(matchSchema(more, schema).valuesWithoutSchema).toEqual(['image.digest', 'extra']);
  });

  test('should describe something that is not there', () => {
    const { replicas: _replicas, ...fewer } = values;
    expect(matchSchema({ ...fewer, image: { tag: '1' } }, schema).schemaWithoutValues).toEqual([
      'image.repository',
      'replicas',
    ]);
  });

  test('should cover free mappings as a whole', () => {
    const free = {
      type: 'object',
      properties: { labels: { type: 'object', additionalProperties: { type: 'string' } } },
    };
    expect(matchSchema({ labels: { team: 'a' } }, free).valuesWithoutSchema).toEqual([]);
  });

  test('should be told when there is none, and name nothing then', () => {
    expect(matchSchema(values, undefined).hasSchema).toBe(false);
    expect(describedPaths(undefined)).toEqual([]);
  });

  test('should end though it refers to itself', () => {
    const endless = { $defs: { tree: { properties: { child: { $ref: '#/$defs/tree' } } } }, $ref: '#/$defs/tree' };
    expect(describedPaths(endless)).toContain('child.child');
  });
});

test.describe('The README of a chart', { tag: '@static' }, () => {
  const table = (...rows: string[]) =>
    ['| Key | Default | Meaning |', '|---|---|---|', ...rows.map((row) => `| ${row} | | |`)].join('\n');

  test('should document values in tables, headings and lists, and mappings as a whole', () => {
    const readme = `${table('`image.repository`', '**image.tag**', 'replicas')}\n\n### \`tolerations\`\n\n- \`resources\`: …\n- \`probes\`: …\n`;
    expect(matchReadme(readme, values, [])).toEqual({ documented: leafPaths(values), undocumented: [], stale: [] });
  });

  test('should be told what it leaves out and what it has too much', () => {
    const readme = table('`image.repository`', '`replicas`', '`image.pullPolicy`');
    const match = matchReadme(readme, values, []);
    expect(match.undocumented).toEqual(['image.tag', 'tolerations', 'resources', 'probes.startup.path']);
    expect(match.stale).toEqual(['image.pullPolicy']);
  });

  test('should not be blamed for parts of open values, nor for what only the schema has', () => {
    const readme = table(
      '`replicas`',
      '`resources.limits.cpu`',
      '`tolerations[0].key`',
      '`image.digest`',
      '`image.tag`',
    );
    expect(matchReadme(readme, values, ['image.digest']).stale).toEqual([]);
  });

  test('should not be blamed for tables of other things', () => {
    const readme = `${table('`replicas`')}\n\n${table('`JWT_SECRET_KEY`', '`POSTGRES_PASSWORD`')}\n`;
    expect(matchReadme(readme, values, []).stale).toEqual([]);
  });
});
