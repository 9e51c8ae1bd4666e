import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { goDuration } from '../kubernetes/events.ts';

const duration = z
  .string()
  .refine((text) => goDuration(text) !== undefined, 'must be a duration, e.g. "90s" or "5m"')
  .transform((text) => goDuration(text) ?? 0);

/** Keys of other programs (a title for the site, what Runme writes) are left alone. */
const schema = z.object({
  failure: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((ids) => [ids].flat()),
  severity: z.union([z.string(), z.number()]).transform(String).optional(),
  detect: duration.optional(),
  recover: duration.optional(),
});

export type FrontMatter = z.infer<typeof schema>;

const FENCE = '---';

/** The YAML between the first two lines of dashes, and the Markdown after it, with as many lines before it as the file has. */
export function splitFrontMatter(text: string): { yaml: string | undefined; markdown: string } {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  const end = lines[0]?.trimEnd() === FENCE ? lines.findIndex((line, at) => at > 0 && line.trimEnd() === FENCE) : -1;
  if (end === -1) return { yaml: undefined, markdown: text };
  return {
    yaml: lines.slice(1, end).join('\n'),
    markdown: [...lines.slice(0, end + 1).map(() => ''), ...lines.slice(end + 1)].join('\n'),
  };
}

/** @returns undefined when the file names no failure: then it is a document of another kind. @throws Error saying what is wrong. */
export function readFrontMatter(yaml: string): FrontMatter | undefined {
  const content: unknown = parse(yaml);
  if (typeof content !== 'object' || content === null || !('failure' in content)) return undefined;
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  throw new Error(result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** The same as text for a list of mistakes. */
export function frontMatterMistake(thrown: unknown): string {
  return `1: the front matter cannot be read: ${messageOf(thrown).split('\n')[0] ?? ''}`;
}
