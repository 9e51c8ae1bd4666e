import { Command } from 'commander';
import { clusterDown, clusterKubeconfig, clusterLogs, clusterStatus, clusterUp } from '../cluster/embedded/commands.ts';
import { loadOptions } from '../config/options.ts';
import { progressLines } from './progress.ts';

/** `seatrial cluster …`: the embedded cluster, for people. Trials bring it up and take it down by themselves. */
export function clusterCommand(): Command {
  const command = new Command('cluster').description(
    'The embedded cluster: real Kubernetes on this machine, without a container engine',
  );
  command
    .command('up')
    .description('bring it up, and keep it until `cluster down`')
    .option('--nodes <n>', 'number of nodes, 1 to 9')
    .option('-y, --yes', 'install missing Debian packages without asking')
    .action(async ({ nodes, yes }: { nodes?: string; yes?: true }) => {
      const env = { ...process.env, ...(nodes === undefined ? {} : { SEATRIAL_NODES: nodes }) };
      const options = loadOptions(process.cwd(), env);
      const { kubeconfig } = await clusterUp({ ...options, assumeYes: yes ?? options.assumeYes }, progressLines());
      console.log(`export KUBECONFIG=${kubeconfig}`);
    });
  command
    .command('down')
    .description('take it down; nothing of it stays on the machine but the cache')
    .option('--force', 'even while runs are using it')
    .action(({ force = false }: { force?: boolean }) =>
      clusterDown(loadOptions(), { force, progress: progressLines() }),
    );
  command
    .command('status')
    .description('what is up, and who uses it')
    .action(async () => {
      console.log(await clusterStatus(loadOptions()));
    });
  command
    .command('kubeconfig')
    .description('path of the kubeconfig')
    .action(() => {
      console.log(clusterKubeconfig(loadOptions()));
    });
  command
    .command('logs')
    .description('log of a component, or the names of all components')
    .argument('[component]')
    .option('-f, --follow', 'go on as the log grows')
    .action((component: string | undefined, { follow = false }: { follow?: boolean }) =>
      clusterLogs(loadOptions(), component, { follow }),
    );
  return command;
}
