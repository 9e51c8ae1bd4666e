import type { PodSpec } from '../../../../helpers/architecture/live.ts';

type SecurityContext = NonNullable<PodSpec['containers'][number]['securityContext']>;

/** What the profile "restricted" forbids, field by field; tried against the API server as well (tests/self/cluster/architecture.spec.ts). */
export const forbidden: { name: string; change: (spec: PodSpec) => void; paths: string[] }[] = [
  {
    name: "the node's network",
    change: (spec) => {
      spec.hostNetwork = true;
    },
    paths: ['hostNetwork'],
  },
  {
    name: "the node's processes",
    change: (spec) => {
      spec.hostPID = true;
    },
    paths: ['hostPID'],
  },
  {
    name: 'a folder of the node',
    change: (spec) => {
      spec.volumes = [...(spec.volumes ?? []), { name: 'node', hostPath: { path: '/' } }];
    },
    paths: ['volumes[node]'],
  },
  {
    name: 'an unsafe sysctl',
    change: (spec) => {
      spec.securityContext = { ...spec.securityContext, sysctls: [{ name: 'kernel.msgmax', value: '65536' }] };
    },
    paths: ['securityContext.sysctls[kernel.msgmax]'],
  },
  {
    name: 'a port of the node',
    change: (spec) => {
      for (const container of spec.containers) container.ports = [{ containerPort: 4444, hostPort: 4444 }];
    },
    paths: ['containers[gateway].ports'],
  },
  {
    name: 'a privileged container',
    change: (spec) => {
      for (const container of spec.containers)
        // Kubernetes does not take the one without the other.
        container.securityContext = { ...container.securityContext, privileged: true, allowPrivilegeEscalation: true };
    },
    paths: [
      'containers[gateway].securityContext.privileged',
      'containers[gateway].securityContext.allowPrivilegeEscalation',
    ],
  },
  inContainer('gaining privileges', 'allowPrivilegeEscalation', { allowPrivilegeEscalation: true }),
  inContainer('keeping capabilities', 'capabilities.drop', { capabilities: { drop: ['NET_RAW'] } }),
  inContainer('adding capabilities', 'capabilities.add', { capabilities: { drop: ['ALL'], add: ['SYS_TIME'] } }),
  inContainer('running as root', 'runAsNonRoot', { runAsNonRoot: false }),
  inContainer('the user 0', 'runAsUser', { runAsUser: 0 }),
  inContainer('all system calls', 'seccompProfile', { seccompProfile: { type: 'Unconfined' } }),
  {
    name: 'an unmasked /proc',
    change: (spec) => {
      // Kubernetes has it in a user namespace only.
      spec.hostUsers = false;
      for (const container of spec.containers)
        container.securityContext = { ...container.securityContext, procMount: 'Unmasked' };
    },
    paths: ['containers[gateway].securityContext.procMount'],
  },
  inContainer('no AppArmor', 'appArmorProfile', { appArmorProfile: { type: 'Unconfined' } }),
];

/** What it allows, though it looks alike. */
export const allowed: { name: string; change: (spec: PodSpec) => void }[] = [
  { name: 'nothing changed', change: () => undefined },
  {
    name: 'root in a user namespace of its own',
    change: (spec) => {
      spec.hostUsers = false;
      delete spec.securityContext?.runAsNonRoot;
      for (const container of spec.containers)
        container.securityContext = { ...container.securityContext, runAsUser: 0 };
    },
  },
  {
    name: 'low ports',
    change: (spec) => {
      for (const container of spec.containers)
        container.securityContext = {
          ...container.securityContext,
          capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
        };
    },
  },
];

function inContainer(name: string, field: string, context: SecurityContext) {
  return {
    name,
    paths: [`containers[gateway].securityContext.${field}`],
    change: (spec: PodSpec) => {
      for (const container of spec.containers) container.securityContext = { ...container.securityContext, ...context };
    },
  };
}
