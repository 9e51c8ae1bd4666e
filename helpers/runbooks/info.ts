import { roles, type Role } from './types.ts';

/** Languages of blocks that bash runs. */
const SHELLS = ['sh', 'bash', 'shell'];

/**
 * What the fence of a code block says, in the notation of Runme (runme.dev): the language, then attributes as JSON or as `key=value`
 * pairs in braces. `tag` says what the block is for; a block without one of our tags is never run.
 */
export interface Fence {
  role: Role | undefined;
  mistake?: string;
}

/** Reads an info string, e.g. `sh {"tag":"remedy"}` or `bash { name=restart tag=remedy }`. */
export function readFence(info: string): Fence {
  const at = info.indexOf('{');
  if (at === -1) return { role: undefined };
  const language = info.slice(0, at).trim();
  const attributes = attributesIn(info.slice(at));
  if (attributes === undefined) return { role: undefined, mistake: `the attributes ${info.slice(at)} cannot be read` };
  const tags = (attributes.get('tag') ?? '').split(',').map((tag) => tag.trim());
  const role = roles.find((candidate) => tags.includes(candidate));
  if (role === undefined || SHELLS.includes(language)) return { role };
  return {
    role: undefined,
    mistake: `a ${role} block must be of the language ${SHELLS.join(', ')}, not "${language}"`,
  };
}

/** Undefined when they are neither JSON nor pairs. */
function attributesIn(text: string): Map<string, string> | undefined {
  return jsonAttributes(text) ?? pairs(text);
}

function jsonAttributes(text: string): Map<string, string> | undefined {
  try {
    return new Map(Object.entries(JSON.parse(text) as object).map(([key, value]) => [key, String(value)]));
  } catch {
    return undefined;
  }
}

/** `{ name=restart tag="remedy,slow" }`; quotes hold blanks together. */
function pairs(text: string): Map<string, string> | undefined {
  const inner = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const found = [...inner.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'{}]+))/g)];
  const rest = found.reduce((left, [whole]) => left.replace(whole, ''), inner);
  if (rest.trim() !== '') return undefined;
  return new Map(found.map(([, key = '', double, single, bare]) => [key, double ?? single ?? bare ?? '']));
}
