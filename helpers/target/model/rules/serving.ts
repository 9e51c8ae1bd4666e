import type { Inconsistency } from '../../consistency.ts';
import type { ModelDeclaration } from '../schema.ts';
import { neededPorts, portNames } from '../serving.ts';

/** What a serving protocol cannot do without, and whether the ports are the ones that the probes name. */
export function servingRules(model: ModelDeclaration): Inconsistency[] {
  return [...missingPorts(model), ...samePorts(model), ...missingTensors(model), ...probePorts(model)];
}

function missingPorts({ serving: { protocol, ports } }: ModelDeclaration): Inconsistency[] {
  const missing = neededPorts[protocol].filter((port) => ports[port] === undefined);
  if (protocol === 'kserve-v2' && ports.http === undefined && ports.grpc === undefined) {
    return [
      { path: ['serving', 'ports'], what: 'Protocol kserve-v2 needs a port of HTTP or gRPC', fix: 'add "http: 8080"' },
    ];
  }
  return missing.map((port) => ({
    path: ['serving', 'ports', port],
    what: `Protocol ${protocol} needs serving.ports.${port}`,
    fix: `add "${port}:" with the number of the port`,
  }));
}

function samePorts({ serving: { ports } }: ModelDeclaration): Inconsistency[] {
  return portNames.flatMap((name, index) => {
    const other = portNames.slice(0, index).find((earlier) => ports[earlier] === ports[name]);
    if (ports[name] === undefined || other === undefined) return [];
    return [
      {
        path: ['serving', 'ports', name],
        what: `${name} and ${other} are the same port, ${String(ports[name])}`,
        fix: name === 'metrics' ? 'leave "metrics:" out: it is then the port of HTTP' : 'give each its own number',
      },
    ];
  });
}

function missingTensors({ serving: { protocol, inputs } }: ModelDeclaration): Inconsistency[] {
  if (inputs !== undefined || (protocol !== 'tensorflow-grpc' && protocol !== 'kserve-v2')) return [];
  return [
    {
      path: ['serving', 'inputs'],
      what: `Protocol ${protocol} needs serving.inputs: a tensor is sent with its name, type and shape`,
      fix: 'add e.g. "inputs: [{ name: features, datatype: FP32, shape: [4] }]"',
    },
  ];
}

function probePorts({ healthChecks, serving: { ports } }: ModelDeclaration): Inconsistency[] {
  const known = Object.entries(ports).map(([name, number]) => `${name} (${String(number)})`);
  return (['liveness', 'readiness', 'startup'] as const).flatMap((name) => {
    const probe = healthChecks[name];
    if (probe === undefined || 'exec' in probe) return [];
    const [port, path] = 'grpc' in probe ? [probe.grpc.port, ['grpc', 'port']] : [probe.port, ['port']];
    const isKnown = typeof port === 'number' ? Object.values(ports).includes(port) : ports[port] !== undefined;
    if (isKnown) return [];
    return [
      {
        path: ['healthChecks', name, ...path],
        what: `The ${name} probe asks port ${String(port)}, which is not one of serving.ports`,
        fix: `use one of ${known.join(', ')}`,
      },
    ];
  });
}
