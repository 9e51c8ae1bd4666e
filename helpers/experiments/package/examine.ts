import { messageOf } from '../../errors.ts';
import { measureAccuracy } from '../../serving/accuracy.ts';
import { connect } from '../../serving/client.ts';
import type { ServingClient } from '../../serving/client.ts';
import { differences } from '../../serving/compare.ts';
import type { PackageFact, PackageSample } from '../../serving/package-fact.ts';
import type { Addresses, Readiness } from '../../serving/types.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { refusalsOf } from './wrong-inputs.ts';

/** What is found out by asking: all but what the cluster knows. */
type Examined = Omit<PackageFact, 'declared' | 'imageId'>;

/** Asks one version that was started alone for all that a package is held to. @param whole with wrong inputs too. */
export async function examine(
  target: ModelTarget,
  addresses: Addresses,
  { whole }: { whole: boolean },
): Promise<Examined> {
  const client = connect(target, addresses);
  try {
    const readiness = await client.readiness();
    if (!readiness.ready) return notReady(readiness);
    const fingerprint = await client.fingerprint();
    const samples = await samplesOf(target, client);
    const batch = await batchOf(target, client);
    const accuracy = await accuracyOf(target, client);
    const common: Examined = {
      ready: true,
      ...(fingerprint.version === undefined ? {} : { version: fingerprint.version }),
      ...(fingerprint.digest === undefined ? {} : { digest: fingerprint.digest }),
      samples,
      batch,
      ...(accuracy === undefined ? {} : { accuracy }),
    };
    if (!whole) return common;
    const refusals = await refusalsOf(target, client, addresses.http);
    const [after] = await samplesOf({ ...target, samples: target.samples.slice(0, 1) }, client);
    return { ...common, refusals, ...(after === undefined ? {} : { after }) };
  } finally {
    client.close();
  }
}

function notReady({ reason }: Extract<Readiness, { ready: false }>): Examined {
  return { ready: false, reason, samples: [] };
}

async function samplesOf({ samples }: ModelTarget, client: ServingClient): Promise<PackageSample[]> {
  const asked: PackageSample[] = [];
  for (const { name, input, expected, tolerance } of samples)
    asked.push(
      await judged(name, async () => {
        const { prediction, version } = await client.predict(input);
        return { version, wrong: differences(expected, prediction, tolerance) };
      }),
    );
  return asked;
}

function batchOf({ samples }: ModelTarget, client: ServingClient): Promise<PackageSample> {
  return judged(`all ${String(samples.length)} samples at once`, async () => {
    const { predictions, version } = await client.predictBatch(samples.map(({ input }) => input));
    const wrong = samples.flatMap(({ name, expected, tolerance }, index) =>
      differences(expected, predictions[index] ?? {}, tolerance).map((difference) => `${name}: ${difference}`),
    );
    return { version, wrong };
  });
}

async function judged(
  name: string,
  ask: () => Promise<{ version?: string | undefined; wrong: readonly string[] }>,
): Promise<PackageSample> {
  try {
    const { version, wrong } = await ask();
    const told = version === undefined ? {} : { version };
    return wrong.length === 0 ? { name, ok: true, ...told } : { name, ok: false, ...told, error: wrong.join('; ') };
  } catch (thrown) {
    return { name, ok: false, error: messageOf(thrown) };
  }
}

/** A data set that is not answered as a whole says nothing, and the samples say why it was not. */
async function accuracyOf(target: ModelTarget, client: ServingClient): Promise<Examined['accuracy']> {
  const { accuracy } = target;
  if (accuracy === undefined) return undefined;
  const { minimum, mayLose } = accuracy;
  const measured = await measureAccuracy(client, { ...target, accuracy }).catch(() => undefined);
  return measured === undefined ? undefined : { right: measured.right, rows: measured.rows, minimum, mayLose };
}
