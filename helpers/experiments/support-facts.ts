import { resolve } from 'node:path';
import { now } from '../history/history.ts';
import { loadSupport } from '../support/load.ts';
import { recordSupport } from '../support/record.ts';
import { own } from './steps.ts';
import type { Experiment } from './types.ts';

/** Reads the facts about support that the target declares. What it records holds no names and no contact that could be used. */
export const supportFacts: Experiment = {
  id: 'support.facts',
  title: 'Declared facts about support read and recorded',
  needs: [],
  // The largest export that is read takes seconds. In ms.
  timeLimitMs: 60_000,
  clusterless: true,

  async run(context) {
    const { target, history } = context;
    const { support } = target;
    const read = () =>
      Promise.resolve(support === undefined ? undefined : loadSupport(resolve(target.folder, support)));
    const facts = await own(context, 'read', 'read the facts about support', read, (found) => ({
      declared: found !== undefined,
      tickets: found?.tickets?.length ?? 0,
    }));
    recordSupport(history, facts, now());
  },
};
