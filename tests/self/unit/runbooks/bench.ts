import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { Redactor } from '../../../../helpers/kubernetes/redact.ts';
import { makeWorkbench, type Workbench } from '../../../../helpers/runbooks/workbench.ts';

/** A token that no machine has. */
export const TOKEN = 'token-of-the-trial-cluster';

/** A kubeconfig with two contexts, of which one is the trial's. */
export function writePersonsKubeconfig(file: string, user: object = { token: TOKEN }): void {
  const clusters = ['trial', 'production'].map((name) => ({ name, cluster: { server: `https://${name}.invalid` } }));
  const users = ['trial', 'production'].map((name) => ({
    name,
    user: name === 'trial' ? user : { token: 'other-token' },
  }));
  const contexts = ['trial', 'production'].map((name) => ({ name, context: { cluster: name, user: name } }));
  writeFileSync(
    file,
    stringify({ apiVersion: 'v1', kind: 'Config', 'current-context': 'production', clusters, users, contexts }),
  );
}

/** A workbench for a cluster that is not there: what is tried here is how blocks are run, not what they ask. */
export async function benchIn(kubeconfig: string, redactor = new Redactor()): Promise<Workbench> {
  writePersonsKubeconfig(kubeconfig);
  const access = { kubeconfig, context: 'trial', helm: process.execPath, kubectl: process.execPath };
  return makeWorkbench({ access, namespace: 'seatrial-x7k2p', releases: ['gateway', 'custom-server'], redactor });
}
