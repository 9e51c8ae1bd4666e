import { z } from 'zod';
import { catalogue } from '../../../../helpers/verdict/checks/index.ts';
import { twins as gitopsTwins } from '../../unit/gitops/twins.ts';
import { twins as supportTwins } from '../../unit/support/twins.ts';
import { seenLive } from '../live/seen.ts';
import { liveTwins } from '../live/twins.ts';
import { staticTwins } from '../static/twins.ts';
import { recordedKills } from './recorded.ts';

const red = z.enum(['fail', 'inconclusive']);

/** The kill matrix as data: `docs/kill-matrix/matrix.json`. */
export const matrixSchema = z.object({
  /** Day on which it was made, e.g. `2026-11-21`. */
  date: z.string(),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      experiment: z.string(),
      /** By a recorded history with the check's own defect. */
      recorded: z.object({
        verdict: red.optional(),
        companions: z.array(z.object({ check: z.string(), verdict: red, reason: z.string().optional() })),
      }),
      /** Names of the twins that turn it red, by experiments that need no cluster. */
      static: z.array(z.string()),
      /** Names of the twins that turn it red on a cluster, with the day on which that was last seen. */
      live: z.array(z.object({ twin: z.string(), seen: z.string().optional() })),
    }),
  ),
  mutations: z.array(
    z.object({
      kind: z.string(),
      what: z.string(),
      mutants: z.number(),
      killed: z.number(),
      by: z.array(z.string()),
    }),
  ),
  undeclared: z.object({ mutants: z.number(), killed: z.number() }),
});

export type Matrix = z.infer<typeof matrixSchema>;

/** Everything that does not come of running something: which check is turned red by which twin, and what was seen when. */
export function matrixChecks(): Matrix['checks'] {
  const recorded = new Map(recordedKills().map((kill) => [kill.check, kill]));
  return catalogue.map(({ id, title, experiment }) => {
    const { verdict, companions = [] } = recorded.get(id) ?? {};
    return {
      id,
      title,
      experiment,
      recorded: { ...(verdict === undefined ? {} : { verdict }), companions },
      static: [
        ...staticTwins.filter((twin) => id in twin.red).map(({ name }) => name),
        ...gitopsTwins.filter(({ check }) => check === id).map(({ what }) => what),
        ...supportTwins.filter((twin) => id in twin.red).map(({ defect }) => defect),
      ],
      live: liveTwins
        .filter((twin) => id in twin.red)
        .map((twin) => {
          const seen = seenLive(twin);
          return { twin: twin.name, ...(seen === undefined ? {} : { seen: seen.date }) };
        }),
    };
  });
}

/** A check of which a twin turns red that check and no other; or others too, each for a declared reason. */
export function isKilled({ recorded: { verdict, companions } }: Matrix['checks'][number]): boolean {
  return verdict !== undefined && companions.every(({ reason }) => reason !== undefined);
}
