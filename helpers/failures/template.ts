import type { FailureSite, Inject, Injection } from './types.ts';
import { containersOf, patchContainer, restoreWorkload, workloadOf, type Container } from './workload.ts';

/** Enough for a container to be started, too little for a server in any language with a runtime. */
const TOO_LITTLE_MEMORY = '24Mi';

/* A bad change of the gateway's pods: new ones do not get ready. */

/** With a command that no image has: it fails the same way whatever the image is. */
export const podCrashLoop: Inject = (site) =>
  change(site, 'command', () => ({ command: ['/seatrial/no-such-command'], args: [] }));

export const imageNotPullable: Inject = (site) =>
  change(site, 'image', ({ image = '' }) => ({ image: `${withoutTag(image)}:seatrial-no-such-tag` }));

export const outOfMemory: Inject = (site) =>
  change(site, 'memory', ({ resources }) => ({ resources: withMemory(resources, TOO_LITTLE_MEMORY) }));

async function change(
  site: FailureSite,
  what: string,
  to: (container: Container) => Partial<Container>,
): Promise<Injection> {
  const found = await workloadOf(site, 'gateway');
  const [first] = containersOf(found);
  const changed = first === undefined ? {} : to(first);
  await patchContainer(site, found, changed);
  return {
    detail: { object: found.name, changed: what, to: changed },
    undo: () => restoreWorkload(site, found),
  };
}

/** A registry may have a port: only what stands after the last slash can have a tag. */
function withoutTag(image: string): string {
  const at = image.lastIndexOf('/') + 1;
  return image.slice(0, at) + (image.slice(at).split(/[:@]/)[0] ?? '');
}

function withMemory(resources: Container['resources'], memory: string): NonNullable<Container['resources']> {
  return {
    ...resources,
    requests: { ...resources?.requests, memory },
    limits: { ...resources?.limits, memory },
  };
}
