import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { UserError } from '../../../../helpers/errors.ts';
import type { Mistake } from '../../../../helpers/errors.ts';
import { loadTarget } from '../../../../helpers/target/load.ts';
import { targetSchema } from '../../../../helpers/target/schema.ts';

/** A small valid target; the cases below change one line of it. */
const valid = `apiVersion: seatrial.dev/v1
kind: McpGateway
name: gateway
description: A gateway
kubernetesVersions: ["1.36"]
secrets:
  - name: signing
    keys: { key: { random: 32 } }
releases:
  - name: gateway
    chart: { path: chart }
    values: [values.yaml]
mcp:
  endpoint: { service: gateway, port: http, path: /mcp }
  auth: { jwt: { secret: signing, key: key } }
  toolCall: { tool: echo, expect: hello }
docs: { upgrade: upgrade.md }
`;

interface Case {
  name: string;
  from: string;
  to: string;
  what: string | RegExp;
  /** Line and field. */
  where: string;
  fix: string | RegExp;
}

const cases: Case[] = [
  {
    name: 'a misspelt field',
    from: 'description:',
    to: 'descripton:',
    what: '"descripton" is not a field of this file',
    where: '4 descripton',
    fix: 'did you mean "description"?',
  },
  {
    name: 'a field that is unlike any other',
    from: 'description: A gateway',
    to: 'description: A gateway\ncolour: blue',
    what: '"colour" is not a field of this file',
    where: '5 colour',
    fix: /^remove it; the fields here are apiVersion, kind, name,/,
  },
  {
    name: 'a field that is missing',
    from: ', expect: hello',
    to: '',
    what: '"expect" is missing',
    where: '16 mcp.toolCall.expect',
    fix: 'add "expect:" (Text that the result must contain)',
  },
  {
    name: 'a wrong kind',
    from: 'McpGateway',
    to: 'McpGatway',
    what: '"kind" must be "McpGateway", but is "McpGatway"',
    where: '2 kind',
    fix: 'did you mean "McpGateway"?',
  },
  {
    name: 'a version that YAML takes for a number',
    from: '["1.36"]',
    to: '[1.30]',
    what: '"kubernetesVersions[0]" must be text, but is a number with a fraction',
    where: '5 kubernetesVersions[0]',
    fix: /^put it in quotes/,
  },
  {
    name: 'a name that Kubernetes would refuse',
    from: 'name: gateway\nd',
    to: 'name: My_Gateway\nd',
    what: /"name" must be a DNS label/,
    where: '3 name',
    fix: 'correct the value',
  },
  {
    name: 'a range instead of a version',
    from: '{ path: chart }',
    to: '{ oci: "oci://registry.example.com/gateway", version: ^1.2 }',
    what: '"releases[0].chart.version" must be an exact version, e.g. "1.8.8"',
    where: '11 releases[0].chart.version',
    fix: /a trial must name what it tried/,
  },
  {
    name: 'a registry without its scheme',
    from: '{ path: chart }',
    to: '{ oci: registry.example.com/gateway, version: 1.2.3 }',
    what: '"releases[0].chart.oci" must be oci://HOST/PATH, without user name, password and digest',
    where: '11 releases[0].chart.oci',
    fix: /oci:\/\/registry\.example\.com/,
  },
  {
    name: 'a misspelt field in one of several shapes',
    from: '{ path: chart }',
    to: '{ paht: chart }',
    what: '"paht" is not a field of "releases[0].chart"',
    where: '11 releases[0].chart.paht',
    fix: 'did you mean "path"?',
  },
  {
    name: 'text where one of several shapes is needed',
    from: '{ path: chart }',
    to: 'chart',
    what: '"releases[0].chart" must not be text',
    where: '11 releases[0].chart',
    fix: /^write "path:", or "oci:" and "version:", or "repo:" and "name:" and "version:"/,
  },
  {
    name: 'a shape that is nested in another',
    from: '{ jwt: { secret: signing, key: key } }',
    to: '{ bearer: { secrt: signing, key: key } }',
    what: '"secrt" is not a field of "mcp.auth.bearer"',
    where: '15 mcp.auth.bearer.secrt',
    fix: 'did you mean "secret"?',
  },
  {
    name: 'a chart that is not there',
    from: 'path: chart',
    to: 'path: chrat',
    what: '"chrat" does not exist',
    where: '11 releases[0].chart.path',
    fix: /correct the path$/,
  },
  {
    name: 'a folder that is no chart',
    from: 'path: chart',
    to: 'path: empty',
    what: '"empty" has no Chart.yaml',
    where: '11 releases[0].chart.path',
    fix: 'name the folder that holds Chart.yaml',
  },
  {
    name: 'a file where a folder is needed',
    from: 'path: chart',
    to: 'path: values.yaml',
    what: '"values.yaml" is a file',
    where: '11 releases[0].chart.path',
    fix: 'name a folder',
  },
  {
    name: 'a values file that is not there',
    from: '[values.yaml]',
    to: '[values.yaml, more.yaml]',
    what: '"more.yaml" does not exist',
    where: '12 releases[0].values[1]',
    fix: /correct the path$/,
  },
  {
    name: 'a document that is not there',
    from: 'upgrade.md',
    to: 'upgrades.md',
    what: '"upgrades.md" does not exist',
    where: '17 docs.upgrade',
    fix: /correct the path$/,
  },
  {
    name: 'an absolute path',
    from: '[values.yaml]',
    to: '[/etc/hostname]',
    what: '"/etc/hostname" is an absolute path',
    where: '12 releases[0].values[0]',
    fix: 'write it relative to the folder of target.yaml',
  },
  {
    name: 'a path that leads outside',
    from: '[values.yaml]',
    to: '[../../outside.yaml]',
    what: /^"\.\.\/\.\.\/outside\.yaml" (lies outside|does not exist)/,
    where: '12 releases[0].values[0]',
    fix: /./,
  },
  {
    name: 'a symbolic link that leads outside',
    from: '[values.yaml]',
    to: '[link.yaml]',
    what: /^"link\.yaml" lies outside/,
    where: '12 releases[0].values[0]',
    fix: 'copy it into the repository of the target',
  },
  {
    name: 'a Secret that is not declared',
    from: 'secret: signing',
    to: 'secret: singing',
    what: 'The Secret "singing" is not declared under "secrets:"',
    where: '15 mcp.auth.jwt.secret',
    fix: 'did you mean "signing"?',
  },
  {
    name: 'a key that the Secret does not have',
    from: 'key: key } }',
    to: 'key: kye } }',
    what: 'The Secret "signing" has no key "kye"',
    where: '15 mcp.auth.jwt.key',
    fix: 'did you mean "key"?',
  },
  {
    name: 'two releases of one name',
    from: 'mcp:',
    to: '  - { name: gateway, chart: { path: chart } }\nmcp:',
    what: 'The release "gateway" is declared twice',
    where: '13 releases[1].name',
    fix: /entries 0 and 1/,
  },
  {
    name: 'a placeholder that nothing fills',
    from: '[values.yaml]',
    to: '[values.yaml]\n    set: { host: "${namespcae}.example.com" }',
    what: '${namespcae} is not a known placeholder',
    where: '13 releases[0].set.host',
    fix: 'did you mean "namespace"?',
  },
  {
    name: 'a worker whose Secret is not declared',
    from: 'docs:',
    to: 'worker: { endpoint: { service: tools, port: 80 }, secret: { secret: singing, key: key }, release: gateway, toolCall: { tool: Tools.Echo, expect: hello } }\ndocs:',
    what: 'The Secret "singing" is not declared under "secrets:"',
    where: '17 worker.secret.secret',
    fix: 'did you mean "signing"?',
  },
  {
    name: 'a worker that no release deploys',
    from: 'docs:',
    to: 'worker: { endpoint: { service: tools, port: 80 }, secret: { env: SECRET }, toolCall: { tool: Tools.Echo, expect: hello } }\ndocs:',
    what: 'Nothing says which release deploys the worker',
    where: '17 worker',
    fix: 'add "release: gateway"',
  },
  {
    name: 'a worker that a release deploys which there is not',
    from: 'docs:',
    to: 'worker: { endpoint: { service: tools, port: 80 }, secret: { env: SECRET }, release: gatewya, toolCall: { tool: Tools.Echo, expect: hello } }\ndocs:',
    what: 'There is no release "gatewya"',
    where: '17 worker.release',
    fix: 'did you mean "gateway"?',
  },
  {
    name: 'Secrets for what is there already',
    from: 'docs:',
    to: 'existing: { namespace: gateway }\ndocs:',
    what: '"secrets" are declared, but the deployment is there already',
    where: '7 secrets',
    fix: /^remove "secrets:"/,
  },
  {
    name: 'a Git tree that is not there',
    from: 'docs:',
    to: 'gitops: { tree: gitosp }\ndocs:',
    what: '"gitosp" does not exist',
    where: '17 gitops.tree',
    fix: /correct the path$/,
  },
  {
    name: 'a folder that leads out of the Git tree',
    from: 'docs:',
    to: 'gitops: { tree: chart, path: ../empty }\ndocs:',
    what: /^"\.\.\/empty" lies outside .*chart$/,
    where: '17 gitops.path',
    fix: /./,
  },
  {
    name: 'configuration in a file that the Git tree does not have',
    from: 'docs:',
    to: 'gitops: { tree: chart, configuration: { policy: [policies.yaml#rules] } }\ndocs:',
    what: '"policies.yaml" does not exist',
    where: '17 gitops.configuration.policy[0]',
    fix: /./,
  },
  {
    name: 'a field that is there twice',
    from: 'kind: McpGateway',
    to: 'kind: McpGateway\nkind: McpGateway',
    what: 'Map keys must be unique',
    where: '3',
    fix: 'keep one of the two',
  },
  {
    name: 'a reason that is none',
    from: 'docs:',
    to: 'notApplicable: { chart.test: no }\ndocs:',
    what: '"notApplicable["chart.test"]" must be at least 20 characters long',
    where: '17 notApplicable["chart.test"]',
    fix: /./,
  },
  {
    name: 'a reason for a check that there is not',
    from: 'docs:',
    to: 'notApplicable: { chart.test-itself: The vendor tests it elsewhere. }\ndocs:',
    what: 'There is no check "chart.test-itself"',
    where: '17 notApplicable["chart.test-itself"]',
    fix: 'did you mean "chart.tests-itself"?',
  },
  {
    name: 'a reason for a check that is unlike any other',
    from: 'docs:',
    to: 'notApplicable: { first-call.by-telephone: Nobody calls by telephone here. }\ndocs:',
    what: 'There is no check "first-call.by-telephone"',
    where: '17 notApplicable["first-call.by-telephone"]',
    fix: /^use one of first-call\.\S+, first-call\./,
  },
];

let root: string;
let folder: string;

function mistakesOf(text: string): readonly Mistake[] {
  writeFileSync(join(folder, 'target.yaml'), text);
  try {
    loadTarget(folder);
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.mistakes;
    throw thrown;
  }
  return [];
}

test.describe('bad input in target.yaml', { tag: '@static' }, () => {
  test.beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'seatrial-test-')));
    folder = join(root, 'repository', 'target');
    for (const name of ['chart', 'empty']) mkdirSync(join(folder, name), { recursive: true });
    for (const name of ['chart/Chart.yaml', 'values.yaml', 'upgrade.md']) writeFileSync(join(folder, name), '');
    writeFileSync(join(root, 'outside.yaml'), '');
    symlinkSync(join(root, 'outside.yaml'), join(folder, 'link.yaml'));
  });

  test.afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  test('should find no mistake in the target that the cases start from', () => {
    expect(mistakesOf(valid)).toEqual([]);
  });

  for (const { name, from, to, what, where, fix } of cases) {
    test(`should tell ${name}, where it stands and what to write`, () => {
      expect(valid).toContain(from);
      const matching = (expected: string | RegExp): unknown =>
        typeof expected === 'string' ? expected : expect.stringMatching(expected);
      expect(mistakesOf(valid.replace(from, to))).toEqual([
        { what: matching(what), where: `${join(folder, 'target.yaml')}:${where}`, fix: matching(fix) },
      ]);
    });
  }

  test('should let a path lead out of the folder as long as it stays in the repository', () => {
    mkdirSync(join(root, 'repository', '.git'));
    writeFileSync(join(root, 'repository', 'shared.yaml'), '');
    expect(mistakesOf(valid.replace('[values.yaml]', '[../shared.yaml]'))).toEqual([]);
    const [mistake] = mistakesOf(valid.replace('[values.yaml]', '[../../outside.yaml]'));
    expect(mistake?.what).toContain('lies outside');
  });

  test('should follow an alias to the place where the mistake really is', () => {
    const text = valid
      .replace('{ path: chart }', '&chart { paht: chart }')
      .replace('mcp:', '  - name: second\n    chart: *chart\nmcp:');
    expect(mistakesOf(text).map(({ where }) => where?.split(':').at(-1))).toEqual([
      '11 releases[0].chart.paht',
      '11 releases[1].chart.paht',
    ]);
  });

  for (const [name, text, what] of [
    ['is too long to have been written by hand', `${valid}# ${'x'.repeat(300_000)}`, /at most 262144 are read/],
    ['is nested too deeply', `${'['.repeat(60_000)}${']'.repeat(60_000)}`, /nested more than 24 levels/],
    [
      'multiplies itself by aliases',
      [
        'a: &a [x,x,x,x,x,x,x,x,x]',
        ...'bcdefghi'.split('').map(
          (key, i) =>
            `${key}: &${key} [${Array(9)
              .fill(`*${'abcdefghi'.charAt(i)}`)
              .join(',')}]`,
        ),
      ].join('\n'),
      /Aliases cannot be followed/,
    ],
    ['has a tag that asks for more than data', 'name: !!js/function "() => 1"', /tag/i],
    ['is empty', '', /./],
    ['is a list', '- a', /./],
    ['has two documents', `${valid}---\n${valid}`, /./],
  ] as const) {
    test(`should refuse a file that ${name}`, () => {
      const [mistake] = mistakesOf(text);
      expect(mistake?.what).toMatch(what);
      expect(mistake?.where).toContain('target.yaml');
      expect(mistake?.fix).not.toBe('');
    });
  }

  test('should answer any YAML with mistakes that have a place and a fix, and with nothing else', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const mistakes = mistakesOf(stringify(value));
        expect(mistakes.length).toBeGreaterThan(0);
        for (const { what, where, fix } of mistakes) {
          expect(what).not.toMatch(/Invalid input|undefined|\[object/);
          expect(where).toMatch(/target\.yaml:\d+/);
          expect(fix).not.toBe('');
        }
      }),
      { numRuns: 100 },
    );
  });

  test('should know every field of the file again after one letter too few', () => {
    const fields = Object.keys(targetSchema.shape).filter((name) => new RegExp(`^${name}:`, 'm').test(valid));
    const misspelling = fc
      .constantFrom(...fields)
      .chain((name) =>
        fc.nat({ max: name.length - 1 }).map((at) => ({ name, misspelt: name.slice(0, at) + name.slice(at + 1) })),
      );
    fc.assert(
      fc.property(misspelling, ({ name, misspelt }) => {
        const mistakes = mistakesOf(valid.replace(new RegExp(`^${name}:`, 'm'), `${misspelt}:`));
        expect(mistakes).toContainEqual(
          expect.objectContaining({
            what: `"${misspelt}" is not a field of this file`,
            fix: `did you mean "${name}"?`,
          }),
        );
      }),
    );
  });
});
