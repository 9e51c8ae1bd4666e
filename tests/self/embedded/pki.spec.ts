import { X509Certificate, createPrivateKey } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { kubeconfig, makeAuthority, makeIdentity, makeTokenKeys } from '../../../helpers/cluster/embedded/pki.ts';

test.describe('certificates of the embedded cluster', { tag: '@static' }, () => {
  test('should sign identities that only their own authority vouches for', async () => {
    const [ours, other] = await Promise.all([makeAuthority('ours'), makeAuthority('other')]);
    const { certificate, key } = await makeIdentity(ours, { name: 'system:node:a', group: 'system:nodes' });
    const read = new X509Certificate(certificate);
    expect(read.verify(new X509Certificate(ours.pem).publicKey)).toBe(true);
    expect(read.verify(new X509Certificate(other.pem).publicKey)).toBe(false);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.subject.split('\n').sort()).toEqual(['CN=system:node:a', 'O=system:nodes']);
  });

  test('should name every address and host that a server answers at', async () => {
    const { certificate } = await makeIdentity(await makeAuthority('ours'), {
      name: 'kube-apiserver',
      addresses: ['10.199.0.1'],
      hosts: ['kubernetes.default.svc'],
    });
    const read = new X509Certificate(certificate);
    expect(read.checkIP('10.199.0.1')).toBe('10.199.0.1');
    expect(read.checkHost('kubernetes.default.svc')).toBe('kubernetes.default.svc');
    expect(read.checkHost('kubernetes')).toBeUndefined();
  });

  test('should give the token keys as a pair', async () => {
    const { privateKey, publicKey } = await makeTokenKeys();
    expect(createPrivateKey(privateKey).asymmetricKeyType).toBe('ec');
    expect(publicKey).toContain('BEGIN PUBLIC KEY');
  });

  test('should write a kubeconfig whose only context is its current one', async () => {
    const authority = await makeAuthority('ours');
    const identity = await makeIdentity(authority, { name: 'admin' });
    const config = parse(
      kubeconfig({ server: 'https://10.199.0.1:6443', authority, identity, context: 'seatrial-embedded' }),
    ) as { 'current-context': string; contexts: { name: string }[] };
    expect(config['current-context']).toBe('seatrial-embedded');
    expect(config.contexts.map(({ name }) => name)).toEqual(['seatrial-embedded']);
  });
});
