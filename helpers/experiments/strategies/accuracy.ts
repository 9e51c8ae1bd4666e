import type { AccuracyFact } from '../../rollout/facts.ts';
import { measureAccuracy } from '../../serving/accuracy.ts';
import { connect } from '../../serving/client.ts';
import { addressOf } from '../../serving/ask.ts';
import type { Addresses } from '../../serving/types.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { neededPorts, predictPort } from '../../target/model/serving.ts';
import { trial } from '../steps.ts';
import type { Site } from './site.ts';

type Measured = AccuracyFact['versions'][number];

/**
 * Asks every labelled row at where users enter, and counts right answers. Step: `accuracy.NAME`. Undefined where the target declares no
 * data set, or not every row was answered.
 */
export async function accuracyOf({ context, url }: Site, name: string): Promise<Measured | undefined> {
  const { target } = context;
  const { accuracy } = target;
  if (accuracy === undefined) return undefined;
  const client = connect(target, addressesAt(target, url));
  try {
    return await trial(context, `accuracy.${name}`, `ask the labelled rows (${name})`, async () => {
      const { rows, right, versions } = await measureAccuracy(client, { ...target, accuracy });
      return { version: versions.join(', '), rows, right };
    });
  } finally {
    client.close();
  }
}

/** Predictions are all that is asked for here, so that the one way in stands for every port that the protocol has. */
function addressesAt({ serving }: ModelTarget, url: string): Addresses {
  const ports = [predictPort(serving), ...neededPorts[serving.protocol]];
  return Object.fromEntries(ports.map((port) => [port, addressOf(url)]));
}
