import { UserError } from '../errors.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { neededPorts, predictPort } from '../target/model/serving.ts';
import type { PortName } from '../target/model/serving.ts';
import { ServingError } from './errors.ts';
import { kserveAdapter } from './kserve.ts';
import { restAdapter } from './rest.ts';
import type { Fields } from './tensors.ts';
import { tensorflowAdapter } from './tensorflow/adapter.ts';
import { torchserveAdapter } from './torchserve.ts';
import type { Addresses, Fingerprint, Predictions, Readiness, ServingAdapter } from './types.ts';

export interface CallOptions {
  /** Default: the declared one. */
  deadlineMs?: number;
}

/** Asks a served model, whatever protocol it speaks. Failures are a ServingError, or an EncodingError before anything was sent. */
export interface ServingClient {
  predict(instance: Fields, options?: CallOptions): Promise<{ prediction: Fields; version?: string | undefined }>;
  predictBatch(instances: readonly Fields[], options?: CallOptions): Promise<Predictions>;
  /** Whether the model would answer now; a server that cannot be reached is not ready, and the reason says so. */
  readiness(options?: CallOptions): Promise<Readiness>;
  fingerprint(options?: CallOptions): Promise<Fingerprint>;
  close(): void;
}

export type ServedModel = Pick<ModelDeclaration, 'serving' | 'healthChecks'>;

/**
 * A client of the model for its declared protocol.
 * @throws UserError when an address that the protocol needs is missing.
 */
export function connect(model: ServedModel, addresses: Addresses): ServingClient {
  const adapter = adapterOf(model, addresses);
  const deadline = (options?: CallOptions) => options?.deadlineMs ?? model.serving.deadlineMs;
  const ask = async (instances: readonly Fields[], batch: boolean, deadlineMs: number) => {
    const answer = await adapter.ask(instances, batch, deadlineMs);
    const { length } = answer.predictions;
    if (length === instances.length) return answer;
    const message = `${String(length)} predictions for ${String(instances.length)} instances`;
    throw new ServingError('malformed', message, { version: answer.version });
  };
  return {
    async predict(instance, options) {
      const { predictions, version } = await ask([instance], false, deadline(options));
      return { prediction: predictions[0] ?? {}, version };
    },
    predictBatch: (instances, options) => ask(instances, true, deadline(options)),
    readiness: (options) => adapter.readiness(deadline(options)).catch(notReady),
    fingerprint: (options) => adapter.fingerprint(deadline(options)),
    close: () => {
      adapter.close();
    },
  };
}

function notReady(thrown: unknown): Readiness {
  if (thrown instanceof ServingError) return { ready: false, reason: thrown.message };
  throw thrown;
}

function adapterOf(model: ServedModel, addresses: Addresses): ServingAdapter {
  const { protocol } = model.serving;
  const at = (port: PortName) => {
    const address = addresses[port];
    if (address !== undefined) return address;
    throw new UserError({
      what: `Protocol ${protocol} is spoken on port ${port}, and there is no address of it`,
      fix: `declare serving.ports.${port}, and give its address`,
    });
  };
  neededPorts[protocol].forEach(at);
  switch (protocol) {
    case 'rest':
      return restAdapter(model, at('http'));
    case 'torchserve':
      return torchserveAdapter(model.serving, { inference: at('http'), management: at('management') });
    case 'tensorflow-grpc':
      return tensorflowAdapter(model.serving, at('grpc'));
    case 'kserve-v2':
      if (predictPort(model.serving) === 'http') return kserveAdapter(model.serving, at('http'));
      throw new UserError({
        what: 'Protocol kserve-v2 is spoken over HTTP here, and the model has no port of HTTP',
        where: 'target.yaml serving.ports',
        fix: 'add "http:" with the number of the port',
      });
  }
}
