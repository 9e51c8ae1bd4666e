import type { AccuracyFact } from '../../rollout/facts.ts';
import { measureAccuracy } from '../../serving/accuracy.ts';
import { connect } from '../../serving/client.ts';
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
  const client = connect(target, { http: new URL(url).host });
  try {
    return await trial(context, `accuracy.${name}`, `ask the labelled rows (${name})`, async () => {
      const { rows, right, versions } = await measureAccuracy(client, { ...target, accuracy });
      return { version: versions.join(', '), rows, right };
    });
  } finally {
    client.close();
  }
}
