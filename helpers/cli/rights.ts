import { Command } from 'commander';
import { KubeConfig } from '@kubernetes/client-node';
import { clusterKubeconfig } from '../cluster/embedded/commands.ts';
import { allowedContext } from '../cluster/kubeconfig/context.ts';
import { missingRights, neededRights, rightsTable } from '../cluster/kubeconfig/rights.ts';
import { loadOptions, type Options } from '../config/options.ts';
import { Kube } from '../kubernetes/kube.ts';
import { sweep } from '../kubernetes/sweep.ts';
import { progressLines } from './progress.ts';

/** `seatrial rights`: what a trial may have to do on the allowed context, and what of it is not permitted. */
export function rightsCommand(): Command {
  return new Command('rights')
    .description('Show which rights a trial needs on the allowed context, and which are missing')
    .action(async () => {
      const config = allowedContext(loadOptions());
      const missing = await missingRights(config);
      console.log(`needed on ${config.getCurrentContext()}:\n${rightsTable(neededRights())}`);
      console.log(missing.length === 0 ? 'none is missing' : `missing:\n${rightsTable(missing)}`);
      if (missing.length > 0) process.exitCode = 1;
    });
}

/** `seatrial sweep`: removes what killed runs left behind. */
export function sweepCommand(): Command {
  return new Command('sweep').description('Remove what killed runs left on the cluster, by label').action(async () => {
    const { removed, failed } = await sweep(new Kube(configOf(loadOptions())), progressLines());
    console.log(removed.length === 0 ? 'nothing was left behind' : `removed: ${removed.join(', ')}`);
    if (failed.length > 0) {
      console.error(`could not be removed:\n${failed.join('\n')}`);
      process.exitCode = 1;
    }
  });
}

/** The embedded cluster where no context of the person's own is allowed. */
function configOf(options: Options): KubeConfig {
  if (options.allowedContexts.length > 0) return allowedContext(options);
  const config = new KubeConfig();
  config.loadFromFile(clusterKubeconfig(options));
  return config;
}
