import type { PodSpec } from '../live.ts';
import { containersOf } from './rows.ts';

/** A field that the profile "restricted" of the Pod Security Standards does not allow. */
export interface Violation {
  /** Below the pod's spec, e.g. `containers[gateway].securityContext.privileged`. */
  path: string;
  wanted: string;
  found: string;
}

/** https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const PROFILES = ['RuntimeDefault', 'Localhost'];
const MAY_ADD = ['NET_BIND_SERVICE'];
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
];

/** Everything in a pod that keeps it from the profile "restricted", field by field. Pure. */
export function podSecurityViolations(spec: PodSpec): Violation[] {
  return [...podWide(spec), ...containersOf(spec).flatMap(({ list, container }) => inOne(spec, list, container))];
}

function podWide({ hostNetwork, hostPID, hostIPC, volumes = [], securityContext }: PodSpec): Violation[] {
  const namespaces = Object.entries({ hostNetwork, hostPID, hostIPC }).filter(([, shared]) => shared === true);
  const strange = volumes.filter((volume) =>
    Object.keys(volume).some((key) => key !== 'name' && !VOLUMES.includes(key)),
  );
  const sysctls = (securityContext?.sysctls ?? []).filter(({ name }) => !SAFE_SYSCTLS.includes(name));
  return [
    ...namespaces.map(([path]) => ({ path, wanted: 'not shared with the node', found: 'true' })),
    ...strange.map((volume) => ({
      path: `volumes[${volume.name}]`,
      wanted: 'no volume of the node or of a driver in the kubelet',
      found: Object.keys(volume)
        .filter((key) => key !== 'name')
        .join(', '),
    })),
    ...sysctls.map(({ name, value }) => ({
      path: `securityContext.sysctls[${name}]`,
      wanted: 'safe sysctls only',
      found: value,
    })),
  ];
}

type Listed = ReturnType<typeof containersOf>[number];

/** Fields of one container; those of the pod hold where it says nothing. */
function inOne(
  { securityContext: pod = {}, hostUsers }: PodSpec,
  list: string,
  container: Listed['container'],
): Violation[] {
  const own = container.securityContext ?? {};
  const {
    allowPrivilegeEscalation,
    privileged,
    capabilities: { add = [], drop = [] } = {},
    procMount = 'Default',
    runAsNonRoot = pod.runAsNonRoot,
    runAsUser = pod.runAsUser,
    seccompProfile = pod.seccompProfile,
  } = own;
  const hostPorts = (container.ports ?? []).flatMap(({ hostPort }) => (hostPort ? [hostPort] : []));
  const appArmor = (own.appArmorProfile ?? pod.appArmorProfile)?.type;
  // Root in a user namespace of the pod's own is nobody on the node.
  const ownUsers = hostUsers === false;
  const rules: [field: string, kept: boolean, wanted: string, found: string | number | boolean | undefined][] = [
    ['privileged', privileged !== true, 'not privileged', privileged],
    ['allowPrivilegeEscalation', allowPrivilegeEscalation === false, 'false', allowPrivilegeEscalation],
    ['capabilities.drop', drop.includes('ALL'), 'drop ALL', drop.join(', ')],
    ['capabilities.add', add.every((name) => MAY_ADD.includes(name)), 'at most NET_BIND_SERVICE', add.join(', ')],
    ['runAsNonRoot', ownUsers || runAsNonRoot === true, 'true', runAsNonRoot],
    ['runAsUser', ownUsers || runAsUser !== 0, 'not 0', runAsUser],
    [
      'seccompProfile',
      PROFILES.includes(seccompProfile?.type ?? ''),
      'RuntimeDefault or Localhost',
      seccompProfile?.type,
    ],
    ['procMount', procMount === 'Default', 'Default', procMount],
    ['appArmorProfile', appArmor !== 'Unconfined', 'not Unconfined', appArmor],
  ];
  const path = `${list}[${container.name}]`;
  return [
    ...rules.flatMap(([field, kept, wanted, found]) =>
      kept ? [] : [{ path: `${path}.securityContext.${field}`, wanted, found: text(found) }],
    ),
    ...hostPorts.map((port) => ({ path: `${path}.ports`, wanted: 'no port of the node', found: String(port) })),
  ];
}

function text(found: string | number | boolean | undefined): string {
  return found === undefined || found === '' ? 'not set' : String(found);
}
