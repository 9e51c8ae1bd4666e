import { execa } from 'execa';
import { CannotInject, type Inject } from './types.ts';
import { nameIn, onePodOf, workloadOf } from './workload.ts';

const FILE = 'seatrial-fills-this';
/** A volume that is larger than this is not filled: the node's own disk is behind it, and others write there too. In MiB. */
const LARGEST = 512;
/** Writing it takes a second or two, in ms. */
const WRITTEN_WITHIN_MS = 60_000;

/** The gateway's scratch volume is filled beyond its limit from inside. */
export const diskFull: Inject = async (site) => {
  const { kube, cluster, kubectl, history } = site;
  const gateway = await workloadOf(site, 'gateway');
  const pod = await onePodOf(kube, gateway);
  const { container, path, megabytes } = limitedVolume(pod.spec);
  history.write('exec: fill', `Pod/${nameIn(pod)}:${path}`, kube.namespace);
  const written = String(megabytes + Math.ceil(megabytes / 4));
  const where = ['--kubeconfig', cluster.kubeconfig, '--context', cluster.context, '--namespace', kube.namespace ?? ''];
  const exec = (command: string[]) =>
    execa(kubectl, [...where, 'exec', nameIn(pod), '--container', container, '--', ...command], {
      // A person's preferences for kubectl could send it elsewhere.
      env: { KUBERC: 'off' },
      reject: false,
      stdin: 'ignore',
      timeout: WRITTEN_WITHIN_MS,
    });
  const { failed, stderr } = await exec(['dd', 'if=/dev/zero', `of=${path}/${FILE}`, 'bs=1048576', `count=${written}`]);
  site.signal.throwIfAborted();
  // A volume that refuses the last bytes is full too.
  if (failed && !/no space|quota exceeded/i.test(stderr))
    throw new CannotInject(`the volume cannot be filled from inside: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return {
    detail: { object: `Pod/${nameIn(pod)}`, path, limitMiB: megabytes, writtenMiB: Number(written) },
    // The volume goes with the pod, which Kubernetes evicts; where it does not, the file has to go.
    async undo() {
      history.write('exec: empty', `Pod/${nameIn(pod)}:${path}`, kube.namespace);
      await exec(['rm', '-f', `${path}/${FILE}`]);
    },
  };
};

type PodSpec = Parameters<typeof nameIn>[0]['spec'];

/** The first emptyDir with a limit that a container mounts to write to. */
function limitedVolume(spec: PodSpec): { container: string; path: string; megabytes: number } {
  for (const { name, emptyDir } of spec?.volumes ?? []) {
    const megabytes = mebibytes(emptyDir?.sizeLimit);
    if (megabytes > LARGEST) continue;
    for (const container of spec?.containers ?? []) {
      const mount = container.volumeMounts?.find((one) => one.name === name && one.readOnly !== true);
      if (mount !== undefined) return { container: container.name, path: mount.mountPath, megabytes };
    }
  }
  throw new CannotInject(`the gateway mounts no emptyDir with a sizeLimit of at most ${String(LARGEST)} MiB`);
}

/** Of a quantity such as `64Mi`; infinite when there is none, or in a unit that nobody limits scratch space in. */
function mebibytes(quantity: string | undefined): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|k|M|G)?$/.exec(quantity ?? '') ?? [];
  const bytes = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, k: 1e3, M: 1e6, G: 1e9, '': 1 }[unit];
  return number === '' || bytes === undefined ? Infinity : (Number(number) * bytes) / 2 ** 20;
}
