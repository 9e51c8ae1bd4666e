import { messageOf } from '../../errors.ts';
import { digest } from '../gitops/state.ts';
import type { Session } from './session.ts';
import type { ChangeExperiment } from './experiment.ts';
import { upgrade } from './overrides.ts';
import type { Ask } from './prepare.ts';

/** What became of an invalid change. */
export interface AttemptFact {
  what: string;
  refused: boolean;
  /** The words with which it was refused. */
  answer: string;
}

interface Attempt {
  what: string;
  apply: () => Promise<unknown>;
  undo?: () => Promise<unknown>;
}

/** Invalid Helm values: they must be refused, and the old state stays. */
export const invalid: ChangeExperiment = {
  id: 'config.invalid',
  field: 'invalid',
  declared: ({ invalid }) => invalid.length > 0,
  async prepare(session) {
    const attempts = session.changes.invalid.map(({ what, release, to }) => ({
      what,
      apply: () => upgrade(session, release, [{ release, overrides: to }]),
    }));
    return {
      kind: 'gateway',
      hot: true,
      way: 'helm upgrade',
      apply: () => tryAll(session, attempts),
      ask: await isUnchanged(session),
    };
  },
};

/** Nonsense that the administration is asked for: it must refuse it, and the old state stays. */
export const invalidByApi: ChangeExperiment = {
  id: 'config.invalid-by-api',
  field: 'tool-state (or another change): api',
  declared: (changes) => Object.values(changes).includes('api'),
  async prepare(session) {
    const { adapter, front, subject } = session;
    const attempts = await Promise.all(
      Object.entries(adapter?.invalid ?? {}).map(async ([what, prepare]) => ({
        what,
        ...(await prepare(front, subject)),
      })),
    );
    return {
      kind: 'gateway',
      hot: true,
      way: 'administration',
      apply: () => tryAll(session, attempts),
      ask: await isUnchanged(session),
    };
  },
};

/** Facts: `attempts`. What was accepted is taken back, since the trial goes on. */
async function tryAll({ context }: Session, attempts: readonly Attempt[]): Promise<void> {
  const { history, signal } = context;
  const facts: AttemptFact[] = [];
  for (const { what, apply, undo } of attempts) {
    context.progress(`invalid: ${what}`);
    const refusal = await apply().then(
      () => undefined,
      (thrown: unknown) => messageOf(thrown),
    );
    signal.throwIfAborted();
    facts.push({ what, refused: refusal !== undefined, answer: refusal ?? 'accepted' });
    if (refusal === undefined) await undo?.();
  }
  history.fact('attempts', facts);
}

/** Whether a pod serves the tools of now. */
async function isUnchanged({ front }: Session): Promise<Ask> {
  const tools = digest(await front.tools());
  return async (_pod, api) => digest(await api.tools()) === tools;
}
