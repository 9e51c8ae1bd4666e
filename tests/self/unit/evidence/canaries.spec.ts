import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { filesBelow } from '../../../../helpers/files.ts';
import { withoutSecretValues } from '../../../../helpers/evidence/package/manifests.ts';
import { maskLine, secretsOf } from '../../../../helpers/evidence/package/mask.ts';
import { packEvidence } from '../../../../helpers/evidence/package/pack.ts';
import { History } from '../../../../helpers/history/history.ts';
import { packableRun, plant, put, unpacked } from './packable-run.ts';

const CANARY = 'canary-7Fq+2xZ/9==';
/** Put together from parts, so that no scanner of secrets takes this file for a leak. */
const token = ['ghp', 'a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6'].join('_');
const webToken = ['eyJhbGciOiJFZERTQSJ9', 'eyJzdWIiOiJjYW5hcnkifQ', 'c2lnbmF0dXJlLWNhbmFyeQ'].join('.');
const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const keyBody = key.split('\n')[1] ?? '';
const experiment = 'experiments/contextforge/first-tool-call';

/** Everything in the package and in its archive, as one text. */
async function everything(run: string, env: Record<string, string>) {
  const { places, manifest } = await packEvidence(run, { env });
  const folder = filesBelow(places.folder).map((path) => readFileSync(join(places.folder, path), 'utf8'));
  const archive = [...(await unpacked(places.archive)).values()].map(({ content }) => content.toString());
  return {
    text: [...folder, ...archive, readFileSync(places.statement, 'utf8')].join('\n'),
    masked: manifest.masked,
    places,
  };
}

test.describe('secrets in evidence', { tag: '@static' }, () => {
  test('should never show a credential of the environment, in whatever form it travels', async () => {
    const run = await packableRun(test.info().outputPath('run'), {
      [`${experiment}/artifacts/app.log`]: `started\nlogin with ${CANARY}\n`,
      [`${experiment}/gateway.yaml`]: `env: ${Buffer.from(CANARY).toString('base64')}\n`,
      'target/contextforge/values/gateway.yaml': `url: https://example.com/?key=${encodeURIComponent(CANARY)}\n`,
    });
    plant(run, 'first-tool-call', { deep: [`x ${CANARY} y`] });
    const { text, masked } = await everything(run, { GATEWAY_TOKEN: CANARY, HOME: '/home/somebody', LANG: 'C' });
    for (const form of [CANARY, Buffer.from(CANARY).toString('base64'), encodeURIComponent(CANARY)])
      expect(text).not.toContain(form);
    expect(masked.map(({ path, line }) => `${path}:${String(line)}`)).toEqual(
      expect.arrayContaining([
        `${experiment}/artifacts/app.log:2`,
        `${experiment}/history.jsonl:2`,
        'target/contextforge/values/gateway.yaml:1',
      ]),
    );
    expect(text).toContain('login with [redacted]');
  });

  test('should never show what has the shape of a secret, whoever wrote it', async () => {
    const run = await packableRun(test.info().outputPath('run'), {
      [`${experiment}/artifacts/key.txt`]: `before\n${key}after\n`,
      [`${experiment}/artifacts/kube.txt`]: `client-key-data: ${Buffer.from(key).toString('base64')}\n`,
      [`${experiment}/traffic.jsonl`]: `${JSON.stringify({ type: 'call', error: `Authorization: Bearer opaque${CANARY}` })}\n`,
    });
    plant(run, 'first-tool-call', `a ${token} b`);
    plant(run, 'chart.static', { answer: `{"jwt":"${webToken}"}`, key });
    plant(run, 'upgrade.path', 'postgresql://gateway:hunter2hunter2@database:5432/gateway');
    const { text, masked, places } = await everything(run, {});
    for (const secret of [
      token,
      webToken,
      keyBody,
      'hunter2hunter2',
      Buffer.from(keyBody).toString('base64').slice(8, -8),
      `opaque${CANARY}`,
    ])
      expect(text).not.toContain(secret);
    expect(new Set(masked.map(({ what }) => what))).toEqual(
      new Set([
        'token of a service',
        'JSON Web Token',
        'private key',
        'authorization header',
        'client key of a kubeconfig',
        'password in an address',
      ]),
    );
    // What is masked is still a history, line for line.
    const history = History.read(join(places.folder, experiment, 'history.jsonl'));
    expect(history?.fact('planted')).toBe('a [redacted] b');
    expect(text).toContain('before\n');
    expect(text).toContain('after\n');
    expect(text).toContain('postgresql://gateway:[redacted]@database:5432/gateway');
  });

  test('should keep out of the package what only the machine needs', async () => {
    const run = await packableRun(test.info().outputPath('run'));
    for (const path of [
      'kubeconfig',
      `${experiment}/helm/config/registry/config.json`,
      'experiments/contextforge/gitops.deploy/desired-state/.git/config',
      'cluster.json',
      'test-results/trace.zip',
    ])
      put(run, path, `{"auth":"${CANARY}"}\n`);
    const { text, masked } = await everything(run, {});
    expect(text).not.toContain('canary-7Fq');
    expect(masked).toEqual([]);
  });

  test('should mask the values of Secrets in manifests', async () => {
    const manifest = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: gateway\ndata:\n  password: ${Buffer.from(CANARY).toString('base64')}\nstringData:\n  other: ${CANARY}\n---\nkind: Service\nmetadata:\n  name: gateway\n`;
    const run = await packableRun(test.info().outputPath('run'), {
      'experiments/contextforge/chart.static/gateway-1.36.yaml': manifest,
      'experiments/contextforge/gitops.deploy/desired-state/gitops/secret.yaml': manifest,
    });
    const { text } = await everything(run, {});
    expect(text).not.toContain('canary-7Fq');
    expect(text).not.toContain(Buffer.from(CANARY).toString('base64'));
    const [secret, service] = parseAllDocuments(withoutSecretValues(manifest)).map((one) => one.toJS() as unknown);
    expect(secret).toMatchObject({
      metadata: { name: 'gateway' },
      data: { password: '[redacted]' },
      stringData: { other: '[redacted]' },
    });
    expect(service).toEqual({ kind: 'Service', metadata: { name: 'gateway' } });
  });

  test('should mask Secrets in what is no valid YAML, too', () => {
    const template = `kind: Secret\nmetadata:\n  name: {{ .Release.Name }}\nstringData:\n  password: ${CANARY}\ntype: Opaque\n`;
    const masked = withoutSecretValues(template);
    expect(masked).not.toContain('canary');
    expect(masked).toContain('type: Opaque');
  });

  test('should mask a private key wherever it was cut off, and however deep in JSON it lies', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40, max: key.length }), fc.nat({ max: 3 }), (length, depth) => {
        const nested = Array.from({ length: depth }).reduce<string>(
          (text) => JSON.stringify({ text }),
          key.slice(0, length),
        );
        let inKey = false;
        const masked = nested.split(/(?<=\n)/).map((line) => {
          const done = maskLine(line, secretsOf({}), inKey);
          inKey = done.inKey;
          return done.text;
        });
        expect(masked.join('')).not.toContain(keyBody.slice(0, 8));
        expect(depth === 0 || typeof JSON.parse(masked.join('')) === 'object').toBe(true);
      }),
    );
  });

  test('should not take a folder or a file of this machine for a credential, whatever the variable is called', () => {
    const env = { PWD: import.meta.dirname, APPLICATION_CREDENTIALS: import.meta.filename, TOKEN: '/7Fq+2xZ/9k3w==' };
    const redactor = secretsOf(env);
    expect(redactor.secrets).toEqual([env.TOKEN]);
    expect(redactor.text(`at ${import.meta.filename}`)).toBe(`at ${import.meta.filename}`);
  });

  test('should leave text without secrets as it is, byte for byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const line = text.replaceAll('\n', ' ');
        expect(maskLine(line, secretsOf({})).text).toBe(line);
      }),
    );
    for (const line of [
      'Bearer authentication is required\n',
      '{"token":"none","basic":"functionality"}\n',
      'see https://example.com:8443/path@2x.png and mail to user@example.com\n',
      'postgresql://user:$(PASSWORD)@database, ://user:{{ .password }}@host\n',
      'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n',
    ])
      expect(maskLine(line, secretsOf({ PASSWORD: 'password' }))).toMatchObject({ text: line, what: [] });
  });
});
