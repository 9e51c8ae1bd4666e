/** A process that uses the embedded cluster until it is killed: `user.ts OPTIONS`. */
import type { EmbeddedOptions } from '../../../helpers/cluster/embedded/options.ts';
import { embeddedProvider } from '../../../helpers/cluster/embedded/provider.ts';

const [options = ''] = process.argv.slice(2);
await embeddedProvider(JSON.parse(options) as EmbeddedOptions).acquire({
  owner: process.pid,
  progress: () => undefined,
});
setInterval(() => undefined, 60_000);
