import { isDeepStrictEqual } from 'node:util';
import type { Mistake } from '../../errors.ts';
import type { Fingerprint } from './record.ts';
import { commitOf } from './stored.ts';
import type { StoredShard } from './stored.ts';

interface Common {
  what: string;
  of: (shard: StoredShard) => unknown;
  /** In words, where the value itself says nothing to people. */
  told?: (shard: StoredShard) => string;
  fix: string;
}

/** What all shards of one run have in common. What a shard does not know, since it needed no cluster, differs from nothing. */
const COMMON: readonly Common[] = [
  {
    what: 'number of shards',
    of: ({ shard }) => shard.total,
    fix: 'merge the shards of one run: all with the same N in --shard=1/N',
  },
  {
    what: 'code',
    of: ({ shard }) => shard.fingerprint.code,
    told: commitOf,
    fix: 'check out the same commit on every machine, without changes, and run the shard again',
  },
  { what: 'target', of: ({ target }) => target, fix: 'merge runs on one target' },
  {
    what: 'declaration of the target',
    of: ({ shard }) => shard.fingerprint.target,
    told: commitOf,
    fix: 'give every machine the same folder of the target, and run the shard again',
  },
  {
    what: 'options',
    of: ({ shard }) => shard.fingerprint.options,
    fix: 'run all shards with the same options (SEATRIAL_PROVIDER, SEATRIAL_NODES)',
  },
  { what: 'kind of cluster', of: ({ about }) => about.provider, fix: 'run all shards on the same kind of cluster' },
  {
    what: 'version of Kubernetes',
    of: ({ about }) => about.kubernetesVersion,
    fix: 'run all shards on the same version of Kubernetes',
  },
  {
    what: 'list of tests',
    of: ({ shard }) => shard.tests,
    told: ({ shard }) => `${String(shard.tests.length)} tests`,
    fix: 'start all shards with the same arguments but for --shard',
  },
  {
    what: 'plan of experiments',
    of: ({ shard }) => shard.plan,
    told: ({ shard }) => `${String(Object.keys(shard.plan).length)} experiments`,
    fix: 'start all shards with the same arguments but for --shard',
  },
];

/** Why these are not the shards of one run; empty when they are, whether or not all are there. Pure. */
export function disagreements(shards: readonly StoredShard[]): Mistake[] {
  const differing = COMMON.flatMap((common) => differenceIn(common, shards));
  const twice = [...Map.groupBy(shards, ({ shard }) => shard.current)].flatMap(([current, same]) =>
    same.length < 2
      ? []
      : [
          {
            what: `Shard ${String(current)} is there ${String(same.length)} times`,
            where: placesOf(same),
            fix: 'leave one of them out: a second attempt must not hide the first',
          },
        ],
  );
  const held = shards.flatMap((shard) => shard.experiments.map((experiment) => ({ shard, experiment })));
  const duplicates = [...Map.groupBy(held, ({ experiment }) => experiment)].flatMap(([experiment, all]) => {
    const holders = all.map(({ shard }) => shard);
    // The same shard twice was told already.
    if (new Set(holders.map(({ shard }) => shard.current)).size < 2) return [];
    return [
      {
        what: `The experiment ${experiment} ran in ${String(holders.length)} shards`,
        where: placesOf(holders),
        fix: 'merge the shards of one run: none of them runs what another one runs',
      },
    ];
  });
  return [...differing, ...twice, ...duplicates];
}

/** Why this checkout cannot judge what the shards did: its checks, or its target, are others than theirs. Pure. */
export function foreignTo(here: Pick<Fingerprint, 'code' | 'target'>, shard: StoredShard): Mistake[] {
  const { code, target } = shard.shard.fingerprint;
  const differing = [...(here.code === code ? [] : ['code']), ...(here.target === target ? [] : ['target'])];
  return differing.map((what) => ({
    what: `The ${what} here is not what the shards ran (${commitOf(shard)})`,
    where: shard.folder,
    fix:
      what === 'code'
        ? 'merge with a checkout of the same commit, without changes'
        : 'name the same target (SEATRIAL_TARGET) as it was then',
  }));
}

function differenceIn({ what, of, told, fix }: Common, shards: readonly StoredShard[]): Mistake[] {
  const known = shards.filter((shard) => of(shard) !== undefined);
  const [first, ...others] = known;
  if (first === undefined || others.every((shard) => isDeepStrictEqual(of(shard), of(first)))) return [];
  const say = (shard: StoredShard) =>
    `${told?.(shard) ?? JSON.stringify(of(shard))} in shard ${String(shard.shard.current)}`;
  return [{ what: `The shards differ in their ${what}: ${known.map(say).join('; ')}`, where: placesOf(known), fix }];
}

function placesOf(shards: readonly StoredShard[]): string {
  return shards.map(({ folder }) => folder).join(', ');
}
