import 'reflect-metadata';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { stringify } from 'yaml';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** A cluster lives for a run or for a day's work; a month is plenty. */
const lifetimeMs = 30 * 24 * 3_600_000;

/** A certificate authority that lives in memory: its key is written only where the controller-manager needs it. */
export interface Authority {
  certificate: x509.X509Certificate;
  keys: CryptoKeyPair;
  pem: string;
}

export interface Identity {
  certificate: string;
  key: string;
}

export async function makeAuthority(name: string): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    ...validity(),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
    ],
  });
  return { certificate, keys, pem: certificate.toString('pem') };
}

/**
 * A key and a certificate signed by `authority`, good as client and as server.
 * `group` becomes the organisation, which Kubernetes reads as the user's group.
 */
export async function makeIdentity(
  authority: Authority,
  { name, group, addresses = [], hosts = [] }: { name: string; group?: string; addresses?: string[]; hosts?: string[] },
): Promise<Identity> {
  const keys = await makeKeys();
  const names: x509.JsonGeneralName[] = [
    ...hosts.map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [...(group === undefined ? [] : [`O=${group}`]), `CN=${name}`].join(', '),
    issuer: authority.certificate.subject,
    ...validity(),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
      ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await privatePem(keys) };
}

/** The key pair that signs service account tokens, as PEM. */
export async function makeTokenKeys(): Promise<{ privateKey: string; publicKey: string }> {
  const keys = await makeKeys();
  return {
    privateKey: await privatePem(keys),
    publicKey: x509.PemConverter.encode(await crypto.subtle.exportKey('spki', keys.publicKey), 'PUBLIC KEY'),
  };
}

function makeKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** The private key as PEM (PKCS #8). */
export async function privatePem({ privateKey }: CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
}

function validity() {
  const start = Date.now() - 60_000;
  return { notBefore: new Date(start), notAfter: new Date(start + lifetimeMs) };
}

/** Writes `name.crt` and `name.key`, the key readable by its owner alone. */
export function saveIdentity(folder: string, name: string, { certificate, key }: Identity): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${name}.crt`), certificate);
  writeFileSync(join(folder, `${name}.key`), key, { mode: 0o600 });
}

/** Text of a kubeconfig for one user of one cluster. */
export function kubeconfig({
  server,
  authority,
  identity,
  context,
}: {
  server: string;
  authority: Authority;
  identity: Identity;
  context: string;
}): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: context, cluster: { server, 'certificate-authority-data': base64(authority.pem) } }],
    users: [
      {
        name: context,
        user: { 'client-certificate-data': base64(identity.certificate), 'client-key-data': base64(identity.key) },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
  });
}
