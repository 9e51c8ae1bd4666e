import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { waitUntil } from '../../wait.ts';
import { infraNamespace, registryPort, type Layout } from './layout.ts';
import { startDaemon } from './process.ts';

/**
 * Starts the OCI registry (CNCF Distribution) in a network namespace of its own. What is pushed stays in the cache, so that a
 * second cluster pushes nothing.
 * @returns `host:port` as reached from this machine.
 */
export async function startRegistry(cluster: Layout, debian: string): Promise<string> {
  const address = `${cluster.addresses.infra}:${String(registryPort)}`;
  mkdirSync(cluster.registryStorage, { recursive: true });
  const config = join(cluster.state, 'registry.yaml');
  writeFileSync(
    config,
    stringify({
      version: 0.1,
      log: { level: 'warn', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: cluster.registryStorage }, delete: { enabled: true } },
      http: { addr: address },
    }),
  );
  startDaemon({
    name: 'registry',
    network: infraNamespace,
    command: [join(debian, 'usr/bin/docker-registry'), 'serve', config],
    logs: cluster.logs,
  });
  await waitUntil('the registry answers', async () => (await fetch(`http://${address}/v2/`)).ok, { timeoutMs: 15_000 });
  return address;
}
