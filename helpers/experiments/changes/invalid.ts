import { messageOf } from '../../errors.ts';
import { GatewayError } from '../../gateways/api.ts';
import { gateways } from '../../gateways/registry.ts';
import type { GatewayAdapter } from '../../gateways/types.ts';
import type { Target } from '../../target/schema.ts';
import { digest } from '../gitops/state.ts';
import type { Session } from './session.ts';
import type { ChangeExperiment } from './experiment.ts';
import { upgrade } from './overrides.ts';
import type { Ask } from './prepare.ts';

/** What became of an invalid change. */
interface AttemptFact {
  what: string;
  /** No answer is no refusal: nobody knows what became of it. */
  outcome: 'refused' | 'accepted' | 'no answer';
  /** The words with which it was refused. */
  answer: string;
}

interface Attempt {
  what: string;
  apply: () => Promise<unknown>;
  undo?: () => Promise<unknown>;
  /** Whether what was thrown is the answer of the one who was asked. */
  isAnswer: (thrown: unknown) => boolean;
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
      // Helm answers by failing, whatever the reason.
      isAnswer: () => true,
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
  // What an administration must refuse may be known of one that changes nothing.
  declared: (changes, { gateway }) =>
    Object.values(changes).includes('api') || adapterOf(gateway)?.invalid !== undefined,
  async prepare(session) {
    const { adapter, front, subject } = session;
    const attempts = await Promise.all(
      Object.entries(adapter?.invalid ?? {}).map(async ([what, prepare]) => ({
        what,
        ...(await prepare(front, subject)),
        isAnswer: (thrown: unknown) => thrown instanceof GatewayError,
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

function adapterOf(gateway: Target['gateway']): GatewayAdapter | undefined {
  return gateway === undefined ? undefined : gateways[gateway];
}

/** Facts: `attempts`. What was accepted is taken back, since the trial goes on. */
async function tryAll({ context }: Session, attempts: readonly Attempt[]): Promise<void> {
  const { history, signal } = context;
  const facts: AttemptFact[] = [];
  for (const { what, apply, undo, isAnswer } of attempts) {
    context.progress(`invalid: ${what}`);
    const refusal: unknown = await apply().then(
      () => undefined,
      (thrown: unknown) => thrown ?? new Error('no reason'),
    );
    signal.throwIfAborted();
    const outcome = refusal === undefined ? 'accepted' : isAnswer(refusal) ? 'refused' : 'no answer';
    facts.push({ what, outcome, answer: refusal === undefined ? '' : messageOf(refusal) });
    if (outcome !== 'refused') await undo?.();
  }
  history.fact('attempts', facts);
}

/** Whether a pod serves the tools of now. */
async function isUnchanged({ front }: Session): Promise<Ask> {
  const tools = digest(await front.tools());
  return async (_pod, api) => digest(await api.tools()) === tools;
}
