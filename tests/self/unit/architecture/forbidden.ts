import type { PodSpec } from '../../../../helpers/architecture/live.ts';

type SecurityContext = NonNullable<PodSpec['containers'][number]['securityContext']>;

/** One field each that the profile "restricted" forbids; tried against the API server as well (tests/self/cluster/pod-security.spec.ts). */
export const forbidden: { name: string; change: (spec: PodSpec) => void; path: string }[] = [
  {
    name: "the node's network",
    change: (spec) => {
      spec.hostNetwork = true;
    },
    path: 'hostNetwork',
  },
  {
    name: "the node's processes",
    change: (spec) => {
      spec.hostPID = true;
    },
    path: 'hostPID',
  },
  {
    name: 'a folder of the node',
    change: (spec) => {
      spec.volumes = [...(spec.volumes ?? []), { name: 'node', hostPath: { path: '/' } }];
    },
    path: 'volumes[node]',
  },
  {
    name: 'an unsafe sysctl',
    change: (spec) => {
      spec.securityContext = { ...spec.securityContext, sysctls: [{ name: 'kernel.msgmax', value: '65536' }] };
    },
    path: 'securityContext.sysctls[kernel.msgmax]',
  },
  {
    name: 'a port of the node',
    change: (spec) => {
      for (const container of spec.containers) container.ports = [{ containerPort: 4444, hostPort: 4444 }];
    },
    path: 'containers[gateway].ports',
  },
  inContainer('a privileged container', 'privileged', { privileged: true }),
  inContainer('gaining privileges', 'allowPrivilegeEscalation', { allowPrivilegeEscalation: true }),
  inContainer('keeping capabilities', 'capabilities.drop', { capabilities: { drop: ['NET_RAW'] } }),
  inContainer('adding capabilities', 'capabilities.add', { capabilities: { drop: ['ALL'], add: ['SYS_TIME'] } }),
  inContainer('running as root', 'runAsNonRoot', { runAsNonRoot: false }),
  inContainer('the user 0', 'runAsUser', { runAsUser: 0 }),
  inContainer('all system calls', 'seccompProfile', { seccompProfile: { type: 'Unconfined' } }),
  inContainer('an unmasked /proc', 'procMount', { procMount: 'Unmasked' }),
  inContainer('no AppArmor', 'appArmorProfile', { appArmorProfile: { type: 'Unconfined' } }),
];

function inContainer(name: string, field: string, context: SecurityContext) {
  return {
    name,
    path: `containers[gateway].securityContext.${field}`,
    change: (spec: PodSpec) => {
      for (const container of spec.containers) container.securityContext = { ...container.securityContext, ...context };
    },
  };
}
