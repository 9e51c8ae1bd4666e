/** The changes that are tried while traffic is on the target, by the id of their experiment, as they fit into a sentence. */
export const changeTitles = {
  'config.add-tool': 'a tool is added',
  'config.tool-state': 'a tool is switched off',
  'config.access-policy': 'a tool is taken from clients without special rights',
  'config.rate-limit': 'the limits on calls are changed',
  'config.plugin': 'plugins are switched on',
  'config.two-in-a-row': 'two changes are made in a row',
  'config.while-rolling': 'a change is made while another one rolls',
  'config.invalid': 'an invalid change is tried',
  'config.invalid-by-api': "an invalid change is tried through the gateway's administration",
  'config.image-upgrade': "the gateway's image is upgraded",
  'config.scale-in': 'a replica is taken away',
  'config.node-drain': 'a node is drained',
  'config.secret-rotation': 'a secret is rotated',
  'config.helm-rollback': 'an upgrade is taken back by helm rollback',
  'config.api-rollback': "changes are taken back through the gateway's administration",
} as const;

export type ChangeExperimentId = keyof typeof changeTitles;

/** All of them. */
export const everyChange = Object.keys(changeTitles) as ChangeExperimentId[];

/** Those that change the configuration in the way that the target declares; a drained node is no configuration. */
export const configurationChanges = [
  'config.add-tool',
  'config.tool-state',
  'config.access-policy',
  'config.rate-limit',
  'config.plugin',
  'config.two-in-a-row',
  'config.while-rolling',
  'config.invalid',
  'config.image-upgrade',
  'config.scale-in',
  'config.secret-rotation',
] as const satisfies readonly ChangeExperimentId[];
