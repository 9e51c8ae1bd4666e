/**
 * Waits for the end of a process that uses the embedded cluster, however it ends, and gives its lease back then, so that
 * nothing stays behind even after `kill -9`. Started by the provider: `guardian.ts PID OPTIONS`.
 */
import { waitUntil } from '../../wait.ts';
import { liveLeases } from '../leases.ts';
import { layout } from './layout.ts';
import type { EmbeddedOptions } from './options.ts';
import { embeddedProvider } from './provider.ts';

const [pid = '', text = ''] = process.argv.slice(2);
const owner = Number(pid);
const options = JSON.parse(text) as EmbeddedOptions;
const { leases } = layout(options);
// The lease goes when its owner gives it back itself, or reads as void when its owner is dead: either way the wait is over.
const holds = () => liveLeases(leases).some((lease) => lease.pid === owner);
const longestRunMs = 24 * 3_600_000;
await waitUntil('the owner has left', () => !holds(), { timeoutMs: longestRunMs, everyMs: 500 });
await embeddedProvider(options).release({ owner, progress: () => undefined });
