import type { History } from '../../helpers/history/history.ts';
import type { Server } from './servers.ts';

/** Something that happened meanwhile, in seconds since the change began. */
export interface Moment {
  at: number;
  text: string;
}

/** More marks than this could not be told apart. */
const SHOWN = 14;

/** Letters that fit beside a mark. */
const LENGTH = 44;

/** Steps that are the measuring, not the change. */
const MEASURING = /^(traffic|aftermath|look|state|configuration|before|calm)\b/;

interface Around {
  servers: readonly Server[];
  since: (moment: number) => number;
  /** From when to when anything is drawn. */
  from: number;
  to: number;
}

/**
 * The change's own moments: the ends of its steps (a commit, its arrival, a rollback), the first answer of a new pod, the last one of an old pod,
 * and pods that got ready. Those that would stand on top of each other are told together.
 */
export function momentsOf(history: History, { servers, since, from, to }: Around): Moment[] {
  const drawn = ({ at }: Moment) => at >= Math.max(from, -1) && at <= to;
  const own = [...stepsOf(history, since), ...handover(servers, to)].filter(drawn);
  const ready = readyPods(history, since).filter(({ at }) => at >= 0 && at <= to);
  const chosen = [...own, ...ready].slice(0, SHOWN).toSorted((a, b) => a.at - b.at);
  return together(chosen, (to - from) / 70);
}

function stepsOf(history: History, since: Around['since']): Moment[] {
  const single = history.step('change') !== undefined;
  return history.steps
    .filter(({ id }) => !MEASURING.test(id) && id !== 'change' && (single || !id.startsWith('change.')))
    .map(({ id, end, ok }) => ({ at: since(end), text: ok ? id : `${id} failed` }));
}

/** Where pods were replaced: when the first new one answered, and the last old one for the last time. */
function handover(servers: readonly Server[], to: number): Moment[] {
  const [old, fresh] = [servers.filter(isOld), servers.filter((server) => !isOld(server))];
  if (old.length === 0 || fresh.length === 0) return [];
  const first = Math.min(...fresh.map(({ answers: [at = to] }) => at));
  const last = Math.max(...old.map(({ answers }) => answers.at(-1) ?? 0));
  const isGone = Math.max(...fresh.map(({ answers }) => answers.at(-1) ?? 0)) > last;
  return [
    { at: first, text: 'first new pod answers' },
    ...(isGone ? [{ at: last, text: 'last old pod answers' }] : []),
  ];
}

function isOld({ answers: [first = 0] }: Server): boolean {
  return first < 0;
}

function readyPods(history: History, since: Around['since']): Moment[] {
  return history.observations
    .filter(({ what }) => what === 'pod.ready' || what === 'job.completed')
    .map(({ at, what, object }) => {
      const name =
        object
          .replace(/^\w+\//, '')
          .split('-')
          .at(-1) ?? '';
      return { at: since(at), text: `${name} ${what === 'pod.ready' ? 'ready' : 'complete'}` };
    });
}

function together(moments: readonly Moment[], apart: number): Moment[] {
  const told: Moment[] = [];
  for (const { at, text } of moments) {
    const last = told.at(-1);
    if (last !== undefined && at - last.at < apart) last.text = `${last.text} · ${text}`;
    else told.push({ at, text });
  }
  return told.map(({ at, text }) => ({ at, text: text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text }));
}
