import type { ModelDeclaration } from '../../../../helpers/target/model/schema.ts';
import { modelSchema } from '../../../../helpers/target/model/schema.ts';

/** A small valid target of kind Model, as text; the cases change one line of it. */
export const validModel = `apiVersion: seatrial.dev/v1
kind: Model
name: model
description: A model
kubernetesVersions: ["1.36"]
secrets:
  - name: access
    keys: { key: { random: 32 } }
strategy: rolling
replicas: 3
rollbackThreshold: 0.05
requirements: { riskLevel: low, gradualRollout: false, zeroDowntime: true, compareVariants: false }
resources:
  requests: { cpu: 500m, memory: 1Gi }
  limits: { cpu: "2", memory: 2Gi }
healthChecks:
  liveness: { path: /health, port: 8000 }
  readiness: { path: /ready, port: http }
versions:
  stable: { image: "registry.example.com/ml-model:v1.0.0", modelVersion: v1 }
  candidate: { image: "registry.example.com/ml-model:v1.1.0", modelVersion: v2 }
serving:
  protocol: rest
  model: model
  ports: { http: 8000, metrics: 8001 }
  inputs: [{ name: features, datatype: FP32, shape: [4] }]
samples:
  - { name: first, input: { features: [1, 2, 3, 4] }, expected: { prediction: 1 } }
`;

/** A valid declaration with these fields in the place of its own. */
export function model(fields: Partial<Record<keyof ModelDeclaration, unknown>> = {}): ModelDeclaration {
  return modelSchema.parse({
    apiVersion: 'seatrial.dev/v1',
    kind: 'Model',
    name: 'model',
    description: 'A model',
    kubernetesVersions: ['1.36'],
    strategy: 'blue_green',
    replicas: 3,
    rollbackThreshold: 0.05,
    requirements: { riskLevel: 'high', gradualRollout: false, zeroDowntime: true, compareVariants: false },
    resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } },
    healthChecks: { liveness: { path: '/health', port: 'http' }, readiness: { path: '/ready', port: 'http' } },
    versions: {
      stable: { image: 'registry.example.com/ml-model:v1.0.0', modelVersion: 'v1' },
      candidate: { image: 'registry.example.com/ml-model:v1.1.0', modelVersion: 'v2' },
    },
    serving: { protocol: 'rest', model: 'model', ports: { http: 8000, metrics: 8001 } },
    samples: [{ name: 'first', input: { features: [1, 2, 3, 4] }, expected: { prediction: 1 } }],
    ...fields,
  });
}
