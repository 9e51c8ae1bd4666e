import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { KubeConfig } from '@kubernetes/client-node';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import fc from 'fast-check';
import tar from 'tar-stream';
import type { Header } from 'tar-stream';
import { findHelm } from '../../../../helpers/cluster/tools.ts';
import { loadOptions } from '../../../../helpers/config/options.ts';
import { filesBelow } from '../../../../helpers/files.ts';
import { Helm, valueFlags } from '../../../../helpers/helm/helm.ts';
import { tryHelm } from '../../../../helpers/helm/run.ts';
import { unsafeCopy } from '../../../../helpers/target/boundary.ts';

const VERSION = '1.36';
const CHART = 'apiVersion: v2\nname: sample\nversion: 1.2.3\n';
const SECRET = 'what only this machine knows';

const servers: Server[] = [];

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    answer(request, response);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    requests: () => requests,
  };
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

type Entry = Partial<Header> & { name: string; text?: string };

async function archive(entries: readonly Entry[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { text = '', ...header } of entries) pack.entry(header, text);
  pack.finalize();
  return gzipSync(await buffer(pack));
}

/** Sets variables of this process while `work` runs. */
async function withEnvironment<T>(variables: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const [name, value] of Object.entries(before))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  }
}

test.describe('Charts of somebody who means harm, by the real helm', { tag: '@static' }, () => {
  let binary: string;
  let home: string;
  let base: string;
  let helm: Helm;

  test.beforeEach(async ({}, testInfo) => {
    binary = await findHelm({ cacheFolder: loadOptions().cacheFolder, progress: () => undefined });
    home = testInfo.outputPath('home');
    base = testInfo.outputPath('target');
    // A repository of its own: the boundary of what its target may name.
    mkdirSync(join(base, '.git'), { recursive: true });
    writeFileSync(testInfo.outputPath('secret'), SECRET);
    helm = new Helm({ binary, home });
  });

  test.afterEach(async () => {
    for (const server of servers.splice(0)) {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    }
  });

  test('should not show what a link in them leads to', async ({}, testInfo) => {
    const chart = writeFiles(join(base, 'chart'), {
      'Chart.yaml': CHART,
      'templates/map.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: map }\ndata: { key: {{ .Files.Get "key" | quote }} }\n',
    });
    symlinkSync(testInfo.outputPath('secret'), join(chart, 'key'));
    await expect(helm.resolve({ path: 'chart' }, base)).rejects.toThrow(/holds the link key, which leads out of/);
    expect(existsSync(join(home, 'charts'))).toBe(false);
  });

  for (const [field, text] of [
    ['version', CHART.replace('1.2.3', '../../../precious')],
    ['name', CHART.replace('sample', '../../precious')],
    ['version', CHART.replace('1.2.3', '..')],
    ['name', CHART.replace('sample', '-sample')],
  ] as const)
    test(`should delete and write nothing elsewhere by a ${field} such as in ${JSON.stringify(text)}`, async ({}, testInfo) => {
      writeFiles(join(base, 'chart'), { 'Chart.yaml': text });
      const precious = writeFiles(testInfo.outputPath('precious'), { kept: 'kept', 'sample/kept': 'kept' });
      await expect(helm.resolve({ path: 'chart' }, base)).rejects.toThrow(/Chart\.yaml is not that of a chart/);
      expect(filesBelow(precious)).toEqual(['kept', 'sample/kept']);
    });

  for (const [what, text, wrong] of [
    ['nests without end', `${CHART}a: ${'['.repeat(50_000)}`, /nested more than/],
    ['is endless', `${CHART}a: ${'x'.repeat(300_000)}`, /at most \d+ are read/],
    [
      'multiplies itself',
      `${CHART}a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 8 }, (_, level) => `k${String(level)}: &k${String(level)} [${`*${level === 0 ? 'a' : `k${String(level - 1)}`},`.repeat(9)}]`).join('\n')}\n`,
      /Aliases cannot be followed/,
    ],
  ] as const)
    test(`should be refused when their Chart.yaml ${what}`, async () => {
      writeFiles(join(base, 'chart'), { 'Chart.yaml': text });
      await expect(helm.resolve({ path: 'chart' }, base)).rejects.toThrow(wrong);
    });

  test('should render to no more than a cluster could store', async () => {
    const more = '{{ range until 20000 }}{{ repeat 1000 "x" }}{{ end }}';
    writeFiles(join(base, 'chart'), { 'Chart.yaml': CHART, 'templates/map.yaml': `a: "${more}"\n` });
    const chart = await helm.resolve({ path: 'chart' }, base);
    await expect(helm.template({ name: 'trial', chart }, VERSION)).rejects.toThrow(/larger than/);
  });

  const file = (name: string, text: string) => ({ name: `sample/${name}`, text });
  const chartFile = file('Chart.yaml', CHART);
  const archives: [what: string, entries: Entry[], refused: boolean][] = [
    ['a path that leads out', [chartFile, { name: 'sample/../../../escaped', text: 'x' }], true],
    ['a path that leads out from the start', [chartFile, { name: '../escaped', text: 'x' }], false],
    ['an absolute path', [chartFile, { name: '/escaped', text: 'x' }], false],
    ['a link out', [chartFile, { name: 'sample/files/key', type: 'symlink', linkname: '../../../../secret' }], false],
    ['a hard link out', [chartFile, { name: 'sample/files/key', type: 'link', linkname: '../../../../secret' }], false],
    [
      'a link to a folder, and a file through it',
      [chartFile, { name: 'sample/files', type: 'symlink', linkname: '../../../..' }, file('files/escaped', 'x')],
      true,
    ],
    ['a file that unpacks to very much', [chartFile, file('templates/big.yaml', ' '.repeat(8 * 1024 * 1024))], true],
    ['another name inside', [file('Chart.yaml', CHART.replace('sample', '../../escaped'))], true],
  ];
  for (const [what, entries, refused] of archives)
    test(`should unpack into their folder alone when their archive holds ${what}`, async ({}, testInfo) => {
      const packed = await archive(entries);
      const repository = await serve(({ url }, response) => {
        response.end(
          url === '/index.yaml'
            ? 'apiVersion: v1\nentries:\n  sample:\n    - { apiVersion: v2, name: sample, version: 1.2.3, urls: [sample-1.2.3.tgz] }\n'
            : packed,
        );
      });
      const resolved = await helm
        .resolve({ repo: repository.address, name: 'sample', version: '1.2.3' }, base)
        .then(() => 'taken', String);
      expect(repository.requests()).toBeGreaterThanOrEqual(2);
      expect(resolved === 'taken', resolved).toBe(!refused);
      const all = filesBelow(testInfo.outputPath());
      expect(all.filter((path) => path.includes('escaped') && !path.startsWith('home/charts/'))).toEqual([]);
      expect(unsafeCopy(join(home, 'charts'), join(home, 'charts'))).toBeUndefined();
      const texts = all
        .filter((path) => path !== 'secret')
        .map((path) => readFileSync(testInfo.outputPath(path), 'utf8'));
      expect(texts.filter((text) => text.includes(SECRET))).toEqual([]);
    });

  test('should reach no other cluster by helm’s own variables, whatever they say', async ({}, testInfo) => {
    const answer = (_: IncomingMessage, response: ServerResponse) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ kind: 'SecretList', apiVersion: 'v1', major: '1', minor: '36', items: [] }));
    };
    const allowed = await serve(answer);
    const other = await serve(answer);
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'c', server: allowed.address, skipTLSVerify: false }, { name: 'u' });
    const kubeconfig = testInfo.outputPath('kubeconfig');
    writeFileSync(kubeconfig, config.exportConfig());
    const cluster = { kubeconfig, context: 'loaded-context', namespace: 'trial' };
    const variables = {
      HELM_KUBEAPISERVER: other.address,
      HELM_KUBECONTEXT: 'elsewhere',
      HELM_NAMESPACE: 'kube-system',
      HELM_DRIVER: 'memory',
      KUBECONFIG: testInfo.outputPath('nowhere'),
    };
    const ask = ['list', '--output', 'json'];
    const answered = await withEnvironment(variables, () => tryHelm({ binary, home, cluster }, ask));
    expect(answered).toMatchObject({ failed: false });
    expect({ allowed: allowed.requests() > 0, other: other.requests() }).toEqual({ allowed: true, other: 0 });
    // That is no accident: without care, helm does as the variable says.
    const flags = ['--kubeconfig', kubeconfig, '--kube-context', cluster.context];
    await execa(binary, [...ask, ...flags], { env: { HELM_KUBEAPISERVER: other.address }, reject: false });
    expect(other.requests()).toBeGreaterThan(0);
  });

  test('should run no plug-ins, neither their own nor those of this machine', async ({}, testInfo) => {
    const plugins = testInfo.outputPath('plugins');
    const plugin =
      'name: harm\nversion: 0.1.0\nusage: harm\ndescription: harm\ncommand: "touch $HELM_PLUGIN_DIR/ran"\n';
    writeFiles(plugins, { 'harm/plugin.yaml': plugin });
    writeFiles(join(base, 'chart'), { 'Chart.yaml': CHART, 'plugin.yaml': plugin });
    await withEnvironment({ HELM_PLUGINS: plugins }, async () => {
      expect((await execa(binary, ['plugin', 'list'])).stdout).toContain('harm');
      expect((await tryHelm({ binary, home }, ['plugin', 'list'])).stdout).not.toContain('harm');
      await helm.template({ name: 'trial', chart: await helm.resolve({ path: 'chart' }, base) }, VERSION);
    });
    expect(existsSync(join(plugins, 'harm/ran'))).toBe(false);
  });

  test('should make no option of helm out of a value, such as one for a post-renderer', async ({}, testInfo) => {
    const program = testInfo.outputPath('program');
    writeFileSync(program, `#!/bin/sh\ntouch '${testInfo.outputPath('ran')}'\ncat\n`, { mode: 0o755 });
    writeFiles(join(base, 'chart'), { 'Chart.yaml': CHART, 'templates/map.yaml': 'a: {{ .Values | toJson }}\n' });
    const chart = await helm.resolve({ path: 'chart' }, base);
    const set = { [`--post-renderer=${program}`]: 'x', '--post-renderer': program, x: `--post-renderer=${program}` };
    await helm.template({ name: 'trial', chart, set }, VERSION);
    expect(existsSync(testInfo.outputPath('ran'))).toBe(false);
  });

  test('should be given every value behind an option that takes it', () => {
    const values = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.integer()));
    fc.assert(
      fc.property(fc.array(fc.string()), values, (files, set) => {
        const flags = valueFlags({ files, set });
        expect(flags).toHaveLength(2 * (files.length + Object.keys(set).length));
        const options = flags.filter((_, index) => index % 2 === 0);
        expect(options.every((option) => ['--values', '--set', '--set-string'].includes(option))).toBe(true);
      }),
    );
  });
});
