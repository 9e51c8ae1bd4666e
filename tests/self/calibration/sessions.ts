import { verdictOn, watching } from './watched.ts';

/** How often the suite said that sessions were lost, of how often the endpoint had forgotten all of them. */
export interface SessionsLost {
  forgotten: number;
  named: number;
  /** Times in which the observer was blind by its own word: nothing is said about the sessions then. */
  blind: number;
}

/** Before and after, in ms: each of the ten sessions calls once a second. */
const AROUND_MS = 2_500;

export async function loseSessions(times: number): Promise<SessionsLost> {
  let [named, unseen] = [0, 0];
  for (let time = 0; time < times; time++) {
    const { history } = await watching(({ endpoint, change }) =>
      change('forgotten', AROUND_MS, () => Promise.resolve(endpoint.tell({ type: 'forget-sessions' }))),
    );
    const { blind, red } = verdictOn(history, 'forgotten');
    if (blind) unseen++;
    else if (red.some((id) => id.endsWith('sessions-kept'))) named++;
  }
  return { forgotten: times, named, blind: unseen };
}
