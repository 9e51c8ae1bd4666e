import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { layout } from '../../../helpers/cluster/embedded/layout.ts';
import type { EmbeddedOptions } from '../../../helpers/cluster/embedded/options.ts';
import { clusterDown } from '../../../helpers/cluster/embedded/commands.ts';
import { readFacts } from '../../../helpers/cluster/embedded/up.ts';
import type { Figure } from './measure.ts';

const quiet = () => undefined;

/** A fresh clone with empty caches, its own and Go's: from `npm ci` to all nodes Ready. */
export async function coldStart(options: EmbeddedOptions): Promise<Figure> {
  await clusterDown(options, { force: false, progress: quiet });
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-cold-'));
  const clone = join(folder, 'clone');
  const caches = {
    GOCACHE: join(folder, 'go-build'),
    GOMODCACHE: join(folder, 'go-mod'),
    npm_config_cache: join(folder, 'npm'),
  };
  const cold = { ...options, cacheFolder: join(folder, 'cache'), stateFolder: join(folder, 'state') };
  const env = {
    ...caches,
    SEATRIAL_CACHE: cold.cacheFolder,
    SEATRIAL_STATE: cold.stateFolder,
    SEATRIAL_YES: '1',
    GOTOOLCHAIN: 'local',
  };
  try {
    const start = performance.now();
    await execa('git', ['clone', '--quiet', join(import.meta.dirname, '../../..'), clone]);
    await execa('npm', ['ci'], { cwd: clone, env });
    await execa('npx', ['seatrial', 'cluster', 'up', '--yes'], {
      cwd: clone,
      env,
      stdout: 'inherit',
      stderr: 'inherit',
    });
    const samples = [(performance.now() - start) / 1000];
    if (readFacts(layout(cold))?.phase !== 'up') throw new Error('the cold cluster is not up');
    return {
      name: 'embedded cluster, cold: fresh clone → nodes Ready',
      unit: 's',
      samples,
      limits: [{ statistic: 'max', atMost: 600 }],
    };
  } finally {
    await clusterDown(cold, { force: true, progress: quiet });
    // Go keeps its modules read-only.
    await execa('chmod', ['-R', 'u+w', folder]);
    await execa('rm', ['-rf', folder]);
  }
}
