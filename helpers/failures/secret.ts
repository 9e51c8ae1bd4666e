import { randomBytes } from 'node:crypto';
import { kinds } from '../kubernetes/resources.ts';
import { CannotInject, type Inject } from './types.ts';
import { isRolledOut, patchWorkload, workloadOf } from './workload.ts';

/** When pods are told to start anew, this annotation changes; kubectl sets it too. */
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** A Secret has a new value that the other side does not know, and the gateway starts anew with it. */
export const secretRotated: Inject = async (site) => {
  const { target, kube, history, redactor } = site;
  const declared = target.failures?.secret;
  if (declared === undefined) throw new CannotInject('the target declares no such Secret (failures.secret)');
  const { secret: name, key } = declared;
  const gateway = await workloadOf(site, 'gateway');
  const before = (await kube.get(kinds.secret, { name })).data?.[key];
  if (before === undefined) throw new CannotInject(`Secret/${name} has no key ${key}`);
  const value = randomBytes(24).toString('hex');
  redactor.add(value);
  const put = async (data: string) => {
    history.write('patch', `Secret/${name}`, kube.namespace);
    await kube.patch(kinds.secret, { name }, { data: { [key]: data } });
  };
  await put(Buffer.from(value).toString('base64'));
  const restart = () =>
    patchWorkload(site, gateway, {
      spec: { template: { metadata: { annotations: { [RESTARTED]: new Date().toISOString() } } } },
    });
  await restart();
  return {
    detail: { object: `Secret/${name}`, key, restarted: gateway.name },
    // Both ways out are good: the other side learns the new value, or the old one comes back.
    mayDiffer: [`Secret/${name}`],
    async undo() {
      const now = await kube.get(gateway.resource, { name: gateway.workload.metadata?.name ?? '' });
      if (isRolledOut(now)) return;
      await put(before);
      await restart();
    },
  };
};
