import { z } from 'zod';

/** Ports of a model server, by what they are for. */
export const portNames = ['http', 'grpc', 'metrics', 'management'] as const;
export type PortName = (typeof portNames)[number];

export const protocols = ['rest', 'torchserve', 'tensorflow-grpc', 'kserve-v2'] as const;
export type ServingProtocol = (typeof protocols)[number];

const portNumber = z.int().min(1).max(65535);
const path = z.string().startsWith('/');

/** Types of tensors, by the names that Open Inference Protocol v2 gives them. */
const datatype = z.enum([
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
]);

const tensor = z.strictObject({
  name: z.string().min(1),
  datatype,
  shape: z
    .array(z.union([z.literal(-1), z.int().min(1)]))
    .describe('Shape of one instance, without the batch: [4]; -1 for any length'),
});

/** How the model is asked. Which ports a protocol cannot do without is checked beside the schema. */
export const serving = z
  .strictObject({
    protocol: z.enum(protocols).describe('How predictions are asked for'),
    model: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'must be letters, digits, "_", "." and "-"')
      .describe('Name under which the server knows the model'),
    signature: z.string().min(1).default('serving_default').describe('Signature of a SavedModel'),
    ports: z
      .strictObject({
        http: portNumber.optional().describe('Predictions over HTTP'),
        grpc: portNumber.optional().describe('Predictions over gRPC'),
        metrics: portNumber.optional().describe('Metrics in Prometheus format; default: the port of HTTP'),
        management: portNumber.optional().describe('Management API of TorchServe'),
      })
      .describe('Ports of the container'),
    paths: z
      .strictObject({
        predict: path.default('/predict').describe('One instance (protocol rest)'),
        batchPredict: path.default('/batch_predict').describe('Several instances at once (protocol rest)'),
        metrics: path.default('/metrics').describe('Metrics in Prometheus format'),
        health: path
          .optional()
          .describe('The five checks of the health of a replica, as the protocol reports them in JSON'),
      })
      .prefault({}),
    inputs: z
      .array(tensor)
      .min(1)
      .optional()
      .describe('What the model takes; needed for tensorflow-grpc and kserve-v2'),
    outputs: z.array(tensor).min(1).optional().describe('What the model gives'),
    deadlineMs: z.int().min(1).max(600_000).default(10_000).describe('How long a client waits for a prediction'),
    maxBatch: z.int().min(1).max(100_000).default(64).describe('Instances in one request that the server takes'),
  })
  .describe('Serving protocol, ports and signature');

export type Serving = z.infer<typeof serving>;

/** The port on which predictions are asked for; the declaration was checked to have it. */
export function predictPort({ protocol, ports }: Pick<Serving, 'protocol' | 'ports'>): PortName {
  if (protocol === 'tensorflow-grpc') return 'grpc';
  if (protocol === 'kserve-v2') return ports.http === undefined ? 'grpc' : 'http';
  return 'http';
}

/** The port on which metrics are. */
export function metricsPort({ ports }: Pick<Serving, 'ports'>): PortName | undefined {
  if (ports.metrics !== undefined) return 'metrics';
  return ports.http === undefined ? undefined : 'http';
}

/** Ports that the protocol cannot do without. The readiness of TorchServe is the state of its workers, which the management API tells. */
export const neededPorts: Readonly<Record<ServingProtocol, readonly PortName[]>> = {
  rest: ['http'],
  torchserve: ['http', 'management'],
  'tensorflow-grpc': ['grpc'],
  'kserve-v2': [],
};
