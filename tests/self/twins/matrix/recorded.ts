import { catalogue } from '../../../../helpers/verdict/checks/index.ts';
import { damages } from '../../unit/verdict/damages.ts';
import { damaged, flawless } from '../../unit/verdict/histories.ts';
import { judgeAll } from '../judge.ts';
import { companionOf } from './companions.ts';

export type Red = 'fail' | 'inconclusive';

/** What the history with a check's own defect turned red. */
export interface RecordedKill {
  check: string;
  experiment: string;
  /** How the check itself came out; undefined: it stayed green. */
  verdict?: Red;
  /** The others that turned red with it, with the declared reason why they must; none: they should not have. */
  companions: { check: string; verdict: Red; reason?: string }[];
}

let known: RecordedKill[] | undefined;

/** For every check of the catalogue: the flawless history of its experiment with its one defect, judged by all checks that read it. */
export function recordedKills(): readonly RecordedKill[] {
  return (known ??= judgedAll());
}

function judgedAll(): RecordedKill[] {
  return catalogue.map(({ id, experiment }) => {
    const history = flawless.get(experiment);
    // Whether anything was seen is never the target's fault: such a check turns red by being blind, and in no other way.
    const damage = damages[id]?.fail ?? damages[id]?.inconclusive;
    if (history === undefined || damage === undefined) return { check: id, experiment, companions: [] };
    const red = judgeAll(experiment, damaged(history, damage)).flatMap(({ id: check, verdict }) =>
      verdict === 'fail' || verdict === 'inconclusive' ? [{ check, verdict }] : [],
    );
    const own = red.find(({ check }) => check === id)?.verdict;
    return {
      check: id,
      experiment,
      ...(own === undefined ? {} : { verdict: own }),
      companions: red
        .filter(({ check }) => check !== id)
        .map((other) => {
          const reason = companionOf(id, other.check)?.reason;
          return { ...other, ...(reason === undefined ? {} : { reason }) };
        }),
    };
  });
}

/** Why a check is not finished: it stayed green, or something turned red with it for no declared reason. Empty when all is well. */
export function unkilled(kills: readonly RecordedKill[]): string[] {
  return kills.flatMap(({ check, verdict, companions }) => [
    ...(verdict === undefined ? [`${check} has no twin that turns it red`] : []),
    ...companions
      .filter(({ reason }) => reason === undefined)
      .map(
        (other) => `the twin of ${check} turns ${other.check} red too (${other.verdict}), and no reason is declared`,
      ),
  ]);
}
