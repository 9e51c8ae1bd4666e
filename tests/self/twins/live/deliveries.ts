import type { Twin } from '../twin.ts';

const off = (file: string) => ({ file: `gitops/${file}.yaml`, from: 'mode: enabled', to: 'mode: warn' });

/** The bundled gateway as it is delivered by Git, with one defect each. */
export const deliveryTwins: readonly Twin[] = [
  {
    name: 'drift-left-alone',
    defect: 'what is changed by hand is reported, and stays',
    target: 'contextforge',
    experiment: 'gitops.faults',
    patches: [off('gateway'), off('custom-server')],
    red: { 'gitops-live.corrects-drift': /^fail: / },
  },
];
