import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { KubeConfig } from '@kubernetes/client-node';
import { Redactor } from '../../../../helpers/kubernetes/redact.ts';
import { writeKubeconfig } from '../../../../helpers/runbooks/kubeconfig.ts';
import { TOKEN, writePersonsKubeconfig } from './bench.ts';

const access = (kubeconfig: string) => ({ kubeconfig, context: 'trial' });

test.describe('the kubeconfig of runbooks', { tag: '@static' }, () => {
  test('should have the trial’s context alone, bound to its namespace, for no one else to read', async ({}, testInfo) => {
    const [from, to] = [testInfo.outputPath('config'), testInfo.outputPath('bound')];
    writePersonsKubeconfig(from);
    const redactor = new Redactor();
    await writeKubeconfig(to, access(from), { namespace: 'seatrial-x7k2p', redactor });
    const config = new KubeConfig();
    config.loadFromFile(to);
    expect(config.getContexts()).toEqual([
      { name: 'trial', cluster: 'trial', user: 'trial', namespace: 'seatrial-x7k2p' },
    ]);
    expect(config.getCurrentContext()).toBe('trial');
    expect(readFileSync(to, 'utf8')).not.toMatch(/production|other-token/);
    expect(statSync(to).mode & 0o077).toBe(0);
    expect(redactor.text(`token ${TOKEN}`)).toBe('token [redacted]');
  });

  test('should hold the token that a plug-in of this machine gives, not the plug-in', async ({}, testInfo) => {
    const [from, to, plugin] = ['config', 'bound', 'plugin'].map((name) => testInfo.outputPath(name)) as [
      string,
      string,
      string,
    ];
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-the-plug-in' },
    };
    writeFileSync(plugin, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
    chmodSync(plugin, 0o755);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' };
    writePersonsKubeconfig(from, { exec });
    await writeKubeconfig(to, access(from), { namespace: 'x', redactor: new Redactor() });
    expect(readFileSync(to, 'utf8')).toContain('from-the-plug-in');
    expect(readFileSync(to, 'utf8')).not.toContain(plugin);
  });
});
