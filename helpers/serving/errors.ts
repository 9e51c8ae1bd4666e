/** Why there is no prediction. */
export type ServingFailure =
  /** Nobody answered: no connection, or it broke. */
  | 'unreachable'
  /** No answer within the deadline. */
  | 'deadline'
  /** The server answers that it cannot serve now. */
  | 'not-ready'
  /** The server does not know the model. */
  | 'unknown-model'
  /** The server does not take the input. */
  | 'refused'
  /** The server took the input and failed on it. */
  | 'failed'
  /** The answer does not say what the protocol or the declaration says that it does. */
  | 'malformed';

interface Told {
  /** HTTP status, or code of gRPC. */
  status?: number | undefined;
  /** Version that the answer says it is of: an error may be told apart by it too. */
  version?: string | undefined;
  cause?: unknown;
}

/** A prediction that was asked for and not given. */
export class ServingError extends Error {
  readonly failure: ServingFailure;
  readonly status: number | undefined;
  readonly version: string | undefined;

  constructor(failure: ServingFailure, message: string, { status, version, cause }: Told = {}) {
    super(message, { cause });
    this.name = 'ServingError';
    this.failure = failure;
    this.status = status;
    this.version = version;
  }
}

/** An instance that the protocol has no way to write down; nothing was sent. */
export class EncodingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EncodingError';
  }
}
