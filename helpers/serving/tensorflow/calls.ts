import { join } from 'node:path';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { MessageTypeDefinition, ServiceDefinition } from '@grpc/proto-loader';
import { z } from 'zod';
import { ServingError } from '../errors.ts';
import type { ServingFailure } from '../errors.ts';

/** 64-bit integers come as text, since a number does not hold all of them; every field is there, those that were not sent with their default. */
const definition = loadSync(join(import.meta.dirname, 'serving.proto'), {
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});

const methods = {
  Predict: 'PredictionService',
  GetModelMetadata: 'PredictionService',
  GetModelStatus: 'ModelService',
} as const;

export type Method = keyof typeof methods;

/** A connection to a server of TensorFlow Serving's interface. */
export class TensorflowCalls {
  readonly #client: Client;

  /**
   * @param address `host:port`; nothing is connected yet.
   * @param own whether the connection is shared with nobody; otherwise all clients of an address in this process have one together.
   */
  constructor(address: string, { own = false }: { own?: boolean } = {}) {
    this.#client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': own ? 1 : 0 });
  }

  /** @throws ServingError whatever went wrong. */
  call<T>(method: Method, request: object, schema: z.ZodType<T>, deadlineMs: number): Promise<T> {
    const service = definition[`tensorflow.serving.${methods[method]}`] as ServiceDefinition;
    const described = service[method];
    if (described === undefined) throw new Error(`${method} is not in serving.proto`);
    const { path, requestSerialize, responseDeserialize } = described;
    const options = { deadline: Date.now() + deadlineMs };
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        options,
        (error, answer) => {
          if (error !== null) {
            reject(failure(error));
            return;
          }
          const parsed = schema.safeParse(answer);
          if (parsed.success) resolve(parsed.data);
          else reject(new ServingError('malformed', `${method}: ${z.prettifyError(parsed.error)}`));
        },
      );
    });
  }

  close(): void {
    this.#client.close();
  }
}

/** The message that stands inside an Any. */
export function unpack(message: 'SignatureDefMap', bytes: Buffer): object {
  return (definition[`tensorflow.serving.${message}`] as MessageTypeDefinition<object, object>).deserialize(bytes);
}

const FAILURES: Partial<Record<status, ServingFailure>> = {
  [status.UNAVAILABLE]: 'unreachable',
  [status.DEADLINE_EXCEEDED]: 'deadline',
  [status.NOT_FOUND]: 'unknown-model',
  [status.INVALID_ARGUMENT]: 'refused',
  [status.FAILED_PRECONDITION]: 'refused',
  [status.OUT_OF_RANGE]: 'refused',
  [status.RESOURCE_EXHAUSTED]: 'refused',
};

function failure(error: ServiceError): ServingError {
  const { code, details } = error;
  const kind = FAILURES[code] ?? 'failed';
  return new ServingError(kind, `gRPC ${status[code]}: ${details}`, { status: code, cause: error });
}
