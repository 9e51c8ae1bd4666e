import { compareArchitecture } from '../../../../helpers/architecture/compare.ts';
import { isChanged, isReplaced, readersIn } from '../../../../helpers/experiments/chart/readers.ts';
import type { Rendered } from '../../../../helpers/experiments/chart/readers.ts';
import { changesReachPods } from '../../../../helpers/verdict/checks/chart-reach.ts';
import { declared, liveOf } from './rendered.ts';
import type { Rendering } from './rendered.ts';

/** Ids of the checks that manifests alone turn red: those of the architecture, and whether changes reach pods. */
export function redIn({ before, after }: Rendering): string[] {
  const rows = compareArchitecture(declared, liveOf(before)).filter(
    ({ state }) => state === 'differs' || state === 'unknown',
  );
  const [old, fresh] = [before as Rendered[], after as Rendered[]];
  const stale = readersIn(old).filter((reader) => isChanged(reader.map, old, fresh) && !isReplaced(reader, old, fresh));
  return [...new Set([...rows.map(({ aspect }) => `architecture.${aspect}`), ...stale.map(() => changesReachPods.id)])];
}
