import type { ModelDeclaration } from '../target/model/schema.ts';
import type { Destinations } from './notifier.ts';
import { receiverPaths } from './receiver.ts';
import type { Receiver } from './receiver.ts';

/** Key of the project in the tracker of the trial. */
const PROJECT = 'TRIAL';

type Model = Pick<ModelDeclaration, 'communication'>;

/** The declared channel; undefined where nobody is named. */
export function channelOf({ communication }: Model): string | undefined {
  return communication?.channel;
}

/** The receiver of the trial in the place of the declared chat and tracker. */
export function destinationsAt({ url }: Pick<Receiver, 'url'>, model: Model): Destinations {
  return {
    slack: `${url}${receiverPaths.slack}`,
    tickets: `${url}${receiverPaths.tickets}`,
    channel: channelOf(model) ?? '#nobody-is-named',
    project: PROJECT,
  };
}
