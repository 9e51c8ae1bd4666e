import type { PortName } from '../target/model/serving.ts';
import type { Fields } from './tensors.ts';

/** Who answers. */
export interface Fingerprint {
  /** What the server calls its model. */
  version?: string | undefined;
  /** SHA-256 of the model's file, where a server tells it: no name can pretend to be another one. */
  digest?: string | undefined;
}

export interface Predictions {
  /** One for each instance, in their order. */
  predictions: readonly Fields[];
  /** Version that the answer says it is of; some protocols do not tell. */
  version?: string | undefined;
}

export type Readiness = { ready: true } | { ready: false; reason: string };

/** What a serving protocol has to do. All of its failures are a ServingError, or an EncodingError before anything was sent. */
export interface ServingAdapter {
  /** @param batch whether to ask in the way that the protocol has for several instances; without it there is one. */
  ask(instances: readonly Fields[], batch: boolean, deadlineMs: number): Promise<Predictions>;
  readiness(deadlineMs: number): Promise<Readiness>;
  fingerprint(deadlineMs: number): Promise<Fingerprint>;
  close(): void;
}

/** `host:port` of a server's ports, as this machine reaches them. */
export type Addresses = Partial<Record<PortName, string>>;
