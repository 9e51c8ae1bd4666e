import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { zipSync } from 'fflate';
import { filesBelow } from '../../../helpers/files.ts';
import { tracesIn, tracesOf } from '../traces.ts';
import { project } from './project.ts';

/** Distinctive, and with letters that encodings change. */
const unlike = () => `canary+/${randomBytes(18).toString('base64')}`;
const letters = (length: number) => randomBytes(length).toString('hex').slice(0, length);

/** One of each kind; those that nobody declared have a shape by which they are known. */
function newCanaries(): Record<string, string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    environment: unlike(),
    declared: unlike(),
    token: unlike(),
    key: pem,
    'service token': ['ghp', letters(36)].join('_'),
    'web token': `${['eyJhbGciOiJFZERTQSJ9', 'eyJzdWIiOiJjYW5hcnkifQ'].join('.')}.${letters(30)}`,
    'address of Git': `https://user:${letters(20)}@git.example.com/repository.git`,
    'private key': generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** What of them is secret: of an address its password, of a key each of its lines. */
function secretParts(canaries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(canaries).map(([name, text]) => {
      if (name === 'address of Git') return [name, new URL(text).password];
      return [name, text.startsWith('-----BEGIN') ? (text.split('\n')[1] ?? text) : text];
    }),
  );
}

const spec = `
  import { canaries, leak } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'leaky.ts')).href)};
  test('Gate: Tiny', async () => {
    const random = await leak(process.env.RUN_FOLDER, process.env.ASIDE);
    (await import('node:fs')).writeFileSync(process.env.ASIDE + '/random', random);
    test.info().annotations.push({ type: 'verdict', description: 'fail' }, { type: 'evidence', description: canaries().environment });
    expect.soft('fail', 'It holds — expected pass, seen ' + canaries().environment).toBe('pass');
  });
  test('shows what the environment holds', async () => {
    const { environment, 'service token': token, 'web token': web, 'private key': key, 'address of Git': address } = canaries();
    for (const text of [environment, token, web, key, address]) {
      console.log(text);
      console.error('secret: ' + text);
      test.info().annotations.push({ type: 'seen', description: text });
      await test.info().attach('answer', { body: text, contentType: 'text/plain' });
      await test.step('asks', () => { throw new Error('refused: ' + text); }).catch(() => undefined);
      expect.soft(text, 'it says ' + text).toBe('nothing');
    }
    throw new Error([environment, token, web, key, address].join('\\\\n'), { cause: new Error(environment) });
  });`;

test.describe('Secrets', { tag: '@static' }, () => {
  test('should be found wherever they lie', () => {
    const secret = 'canary+/a secret of twenty';
    const zip = Buffer.from(zipSync({ 'a.json': Buffer.from(JSON.stringify({ secret })) }));
    const forms: Record<string, Buffer> = {
      plain: Buffer.from(`a ${secret} b`),
      base64: Buffer.from(`a ${Buffer.from(secret).toString('base64')} b`),
      'base64 in the middle': Buffer.from(Buffer.from(`user:${secret}`).toString('base64')),
      'URL-encoded': Buffer.from(`?a=${encodeURIComponent(secret)}`),
      hex: Buffer.from(Buffer.from(secret).toString('hex')),
      gzip: gzipSync(secret),
      zip,
      'zip in a page': Buffer.from(
        `<script>window.a = "data:application/zip;base64,${zip.toString('base64')}";</script>`,
      ),
      'gzip in zip': Buffer.from(zipSync({ 'a.gz': gzipSync(Buffer.from(secret).toString('base64')) })),
      escaped: Buffer.from(secret.replaceAll('/', '\\/').replaceAll('+', '\\u002b')),
    };
    for (const [form, content] of Object.entries(forms))
      expect(tracesOf(content, { secret }), form).toEqual(['secret']);
    expect(tracesOf(Buffer.from('a canary, and nothing else'), { secret })).toEqual([]);
  });

  test('should lie in nothing that a run writes or prints, however they are shown', async () => {
    test.setTimeout(600_000);
    const known = newCanaries();
    const aside = test.info().outputPath('aside');
    mkdirSync(aside, { recursive: true });
    const runFolder = test.info().outputPath('project/reports/runs/20261121-100000-abcd');
    const { environment = '', declared = '' } = known;
    const env = {
      GATEWAY_TOKEN: environment,
      DECLARED: declared,
      CANARIES: JSON.stringify(known),
      RUN_FOLDER: runFolder,
      ASIDE: aside,
    };
    const run = await project({ 'gate.spec.ts': spec }, { env });

    expect(run.stdout).toContain('0 passed, 2 failed');
    const random = readFileSync(join(aside, 'random'), 'utf8');
    expect(random).toMatch(/^[A-Za-z0-9]{24}$/);
    // All that there is to look at is there, and says that something was taken out.
    const written = filesBelow(runFolder);
    for (const name of [
      'experiments/t/e/history.jsonl',
      'experiments/t/e/traffic.jsonl',
      'html/index.html',
      'junit.xml',
      'verdict.json',
      'pull-request.md',
      'index.html',
    ])
      expect(written).toContain(name);
    expect(written.some((path) => path.startsWith('allure-results/'))).toBe(true);
    expect(readFileSync(join(runFolder, 'experiments/t/e/history.jsonl'), 'utf8')).toContain('[redacted]');
    expect(readFileSync(join(runFolder, 'junit.xml'), 'utf8')).toContain('[redacted]');

    const secrets = { ...secretParts(known), random };
    expect(tracesIn(runFolder, secrets)).toEqual([]);
    expect(tracesOf(Buffer.from(run.stdout), secrets)).toEqual([]);
    rmSync(aside, { recursive: true });
  });
});
