import { expect } from '@playwright/test';
import { connect } from '../../../helpers/serving/client.ts';
import type { ServingClient } from '../../../helpers/serving/client.ts';
import type { Addresses } from '../../../helpers/serving/types.ts';
import type { ModelTarget } from '../../../helpers/target/model/schema.ts';
import type { PortName } from '../../../helpers/target/model/serving.ts';
import type { ModelVersion } from '../../../helpers/target/model/versions.ts';
import { freePorts, startImage } from './image-process.ts';
import type { UnpackedImage } from './image-process.ts';

/** A server of one version, started from its image with the environment that the target declares. */
export interface Served extends AsyncDisposable {
  client: ServingClient;
  addresses: Addresses;
  /** `http://host:port` of one of its ports. */
  url(port: PortName): string;
  process: ReturnType<typeof startImage>;
}

/** Names by which a server is told its ports. */
export type PortVariables = Partial<Record<PortName, string>>;

/**
 * Starts a version of the target; it need not be ready yet.
 * @param variables environment variables for the ports: the declared ones may be in use on this machine.
 */
export async function serve(
  image: UnpackedImage,
  target: ModelTarget,
  version: ModelVersion,
  variables: PortVariables,
  env: Record<string, string> = {},
): Promise<Served> {
  const names = Object.keys(variables) as PortName[];
  const numbers = await freePorts(names.length);
  const ports = Object.fromEntries(names.map((name, index) => [name, String(numbers[index])]));
  const own = Object.fromEntries(names.map((name) => [variables[name] ?? '', ports[name] ?? '']));
  const process = startImage(image, { ...texts(target.env), ...texts(version.env), ...env, ...own });
  const addresses: Addresses = Object.fromEntries(names.map((name) => [name, `127.0.0.1:${ports[name] ?? ''}`]));
  const client = connect(target, addresses);
  return {
    client,
    addresses,
    process,
    url: (port) => `http://${addresses[port] ?? ''}`,
    async [Symbol.asyncDispose]() {
      client.close();
      process.kill('SIGTERM');
      await process;
    },
  };
}

/** Waits until the model answers. */
export async function ready(served: Served): Promise<void> {
  await expect
    .poll(async () => served.process.exitCode ?? (await served.client.readiness({ deadlineMs: 5000 })), {
      timeout: 90_000,
    })
    .toEqual({ ready: true });
}

/** Every sample is predicted as declared, alone and in a batch, by that version. */
export async function expectSamples(
  { client }: Served,
  { samples }: ModelTarget,
  version: ModelVersion,
): Promise<void> {
  for (const { input, expected } of samples) {
    const { prediction, version: told } = await client.predict(input);
    expect(prediction).toMatchObject(expected);
    expect(told).toBe(version.modelVersion);
  }
  const { predictions } = await client.predictBatch(samples.map(({ input }) => input));
  expect(predictions).toMatchObject(samples.map(({ expected }) => expected));
}

function texts(env: ModelVersion['env']): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, typeof value === 'string' ? value : '']));
}

/** The data set of a bundled target, all of which have one. */
export function declaredAccuracy({ accuracy, file }: ModelTarget): NonNullable<ModelTarget['accuracy']> {
  if (accuracy === undefined) throw new Error(`${file} declares no data set`);
  return accuracy;
}
