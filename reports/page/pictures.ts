import type { Histories } from '../../helpers/verdict/evaluate.ts';
import { isUnmet } from '../../helpers/verdict/groups.ts';
import type { StandardVerdict } from '../../helpers/verdict/types.ts';
import { describeTimeline, renderTimeline } from '../timeline.ts';
import { renderTrafficChart } from '../traffic-chart.ts';
import { trafficChartOf } from '../traffic/model.ts';
import { compact } from './compact.ts';

/** A drawing of a history. */
export interface Picture {
  /** Relative to the run's folder. */
  file: string;
  /** The same as PNG, for a chat; of calls alone. */
  png?: string;
  title: string;
  svg: string;
  /** The same in words. */
  text: string;
  /** Whether it stands in the page itself, not only beside it. */
  inline: boolean;
}

/** A picture of more letters than this is linked: a page of many such would be slow to open. */
const LARGEST_INLINE = 80_000;

/** All pictures in the page together: as data they take four thirds of it, and the page is to stay below 2 MB. */
const ALL_INLINE = 750_000;

export function pictureKey(target: string, experiment: string): string {
  return JSON.stringify([target, experiment]);
}

/**
 * Draws every history of a run: what happened over time, and the calls around the change where there were any. Those of experiments with
 * checks that are not met come into the page first. Pure.
 */
export function picturesOf(
  histories: ReadonlyMap<string, Histories>,
  standards: readonly StandardVerdict[],
): Map<string, Picture[]> {
  const all = [...histories].flatMap(([target, ofTarget]) =>
    [...ofTarget].map(([experiment, history]) => {
      const base = `timelines/${target}/${experiment}`;
      const traffic = renderTrafficChart(history);
      const drawn: Picture[] = [
        {
          file: `${base}.timeline.svg`,
          title: 'What happened over time',
          svg: renderTimeline(history),
          text: describeTimeline(history),
          inline: false,
        },
      ];
      if (traffic !== undefined) {
        const text = trafficChartOf(history)?.text ?? '';
        drawn.unshift({
          file: `${base}.traffic.svg`,
          png: `${base}.traffic.png`,
          title: 'Calls around the change',
          svg: compact(traffic),
          text,
          inline: false,
        });
      }
      return { key: pictureKey(target, experiment), unmet: hasUnmet(standards, target, experiment), drawn };
    }),
  );
  let left = ALL_INLINE;
  for (const { drawn } of all.toSorted((a, b) => Number(b.unmet) - Number(a.unmet))) {
    for (const picture of drawn) {
      const size = Buffer.byteLength(picture.svg);
      picture.inline = size <= LARGEST_INLINE && size <= left;
      if (picture.inline) left -= size;
    }
  }
  return new Map(all.map(({ key, drawn }) => [key, drawn]));
}

function hasUnmet(standards: readonly StandardVerdict[], target: string, experiment: string): boolean {
  return standards.some(
    (standard) =>
      standard.target === target &&
      standard.items.some(({ checks }) => checks.some((check) => check.experiment === experiment && isUnmet(check))),
  );
}
