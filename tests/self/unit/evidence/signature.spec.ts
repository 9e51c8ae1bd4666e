import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  envelopeSchema,
  openEnvelope,
  preAuthEncoding,
  privateKeyIn,
  publicKeyIn,
  signEnvelope,
} from '../../../../helpers/evidence/package/dsse.ts';
import { packEvidence } from '../../../../helpers/evidence/package/pack.ts';
import { statementSchema } from '../../../../helpers/evidence/package/statement.ts';
import { verifyEvidence } from '../../../../helpers/evidence/package/verify.ts';
import { packableRun } from './packable-run.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');

/** Writes a key where a person would keep it. */
function keyFile(name: string, pem: string | Buffer): string {
  const file = test.info().outputPath(name);
  writeFileSync(file, pem);
  return file;
}

test.describe('signature', { tag: '@static' }, () => {
  test('should sign what DSSE says, by its own example', () => {
    expect(preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    );
    expect(preAuthEncoding('é', Buffer.from('€')).toString()).toBe('DSSEv1 2 é 3 €');
  });

  test('should open with the right key only, and with nothing changed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (text, type) => {
        const envelope = signEnvelope(text, type, privateKey);
        expect(openEnvelope(envelope, publicKey)).toBe(Buffer.from(text).toString());
        expect(openEnvelope(envelope, other.publicKey)).toBeUndefined();
        expect(openEnvelope({ ...envelope, payloadType: `${type}!` }, publicKey)).toBeUndefined();
        const longer = Buffer.from(`${text}!`).toString('base64');
        expect(openEnvelope({ ...envelope, payload: longer }, publicKey)).toBeUndefined();
      }),
    );
  });

  test('should hold a package to what was signed, not to what lies beside it', async () => {
    const folder = await packableRun(test.info().outputPath('run'));
    const { places } = await packEvidence(folder, { key: privateKey, env: {} });
    expect(await verifyEvidence(places.folder, publicKey)).toMatchObject({ differences: [], signed: true });
    expect(await verifyEvidence(places.archive, publicKey)).toMatchObject({ differences: [], signed: true });
    expect((await verifyEvidence(places.folder, other.publicKey)).differences).toEqual([
      'evidence-package.dsse.json: is not signed by this key',
    ]);

    // Somebody packs other histories, and takes the old signature along.
    const envelope = readFileSync(places.envelope);
    writeFileSync(join(folder, 'host.json'), '{"platform":"another"}\n');
    await packEvidence(folder, { env: {} });
    expect((await verifyEvidence(places.folder)).differences).toEqual([]);
    writeFileSync(places.envelope, envelope);
    const { differences, signed } = await verifyEvidence(places.folder, publicKey);
    expect(signed).toBe(true);
    expect(differences.join('\n')).toContain('is not the statement that was signed');
    expect(differences.join('\n')).toContain('evidence-package: manifest.json: was changed');
    expect(differences.join('\n')).toContain('is not the archive that the statement is about');
  });

  test('should not take a package without a signature for a signed one', async () => {
    const folder = await packableRun(test.info().outputPath('run'));
    const { places } = await packEvidence(folder, { env: {} });
    const unsigned = await verifyEvidence(places.folder, publicKey);
    expect(unsigned).toMatchObject({
      differences: ['evidence-package.dsse.json: is not there, so nothing is signed'],
      signed: false,
    });
    await packEvidence(folder, { key: privateKey, env: {} });
    await packEvidence(folder, { env: {} });
    expect((await verifyEvidence(places.folder, publicKey)).signed).toBe(false);
  });

  test('should carry the statement itself, readable without the key', async () => {
    const folder = await packableRun(test.info().outputPath('run'));
    const { places } = await packEvidence(folder, { key: privateKey, env: {} });
    const envelope = envelopeSchema.parse(JSON.parse(readFileSync(places.envelope, 'utf8')));
    expect(envelope.payloadType).toBe('application/vnd.in-toto+json');
    const statement = Buffer.from(envelope.payload, 'base64').toString();
    expect(statement).toBe(readFileSync(places.statement, 'utf8'));
    expect(statementSchema.parse(JSON.parse(statement)).subject).toHaveLength(2);
    rmSync(places.statement);
    expect((await verifyEvidence(places.folder, publicKey)).differences).toEqual([]);
  });

  test('should read keys as openssl writes them, and tell what is wrong with others', () => {
    const pem = (key: typeof privateKey, type: 'pkcs8' | 'spki') => key.export({ type, format: 'pem' });
    const own = keyFile('key.pem', pem(privateKey, 'pkcs8'));
    expect(privateKeyIn(own).equals(privateKey)).toBe(true);
    expect(publicKeyIn(keyFile('public.pem', pem(publicKey, 'spki'))).equals(publicKey)).toBe(true);
    expect(() => publicKeyIn(own)).toThrow(/it holds a private key[\s\S]*--key/);
    expect(() => privateKeyIn(test.info().outputPath('nothing.pem'))).toThrow('There is no such key');
    expect(() => privateKeyIn(keyFile('words.pem', 'words'))).toThrow('This key cannot be used');
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => privateKeyIn(keyFile('ec.pem', pem(elliptic.privateKey, 'pkcs8')))).toThrow(
      'of type ec, and not of type ed25519',
    );
  });
});
