import { UserError } from '../errors.ts';
import { didYouMean } from '../config/suggest.ts';
import type { Release } from './schema.ts';

/** Where the images of a target were pushed to, by the name that the target gives them. */
export type ImageLocations = Record<string, { repository: string; tag: string }>;

const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** The placeholders that a target with these images may use in `set`. */
function knownPlaceholders(images: readonly string[]): string[] {
  return ['namespace', ...images.flatMap((name) => [`images.${name}.repository`, `images.${name}.tag`])];
}

/** What is wrong with the placeholders of one `set` value: an empty list when all are known. `more` are known too. */
export function unknownPlaceholders(
  value: string | number | boolean,
  images: readonly string[],
  more: readonly string[] = [],
): { what: string; fix: string }[] {
  if (typeof value !== 'string') return [];
  const known = [...knownPlaceholders(images), ...more];
  return [...value.matchAll(PLACEHOLDER)].flatMap(([whole, name = '']) => {
    if (known.includes(name)) return [];
    return [
      {
        what: `${whole} is not a known placeholder`,
        fix: didYouMean(name, known) ?? `use one of ${known.map((one) => `\${${one}}`).join(', ')}`,
      },
    ];
  });
}

/**
 * The release's `set` values with `${namespace}`, `${images.NAME.repository}` and `${images.NAME.tag}` filled in, and with `more`, by name.
 * @throws UserError on a placeholder that `loadTarget` would have refused.
 */
export function resolveSet(
  release: Pick<Release, 'name' | 'set'>,
  context: { images: ImageLocations; namespace: string; more?: Readonly<Record<string, string>> },
): Record<string, string | number | boolean> {
  const texts = new Map<string, string>([['namespace', context.namespace], ...Object.entries(context.more ?? {})]);
  for (const [name, { repository, tag }] of Object.entries(context.images)) {
    texts.set(`images.${name}.repository`, repository).set(`images.${name}.tag`, tag);
  }
  const fill = (value: string, key: string) =>
    value.replace(PLACEHOLDER, (whole, name: string) => {
      const text = texts.get(name);
      if (text !== undefined) return text;
      throw new UserError({
        what: `${whole} has no value`,
        where: `release ${release.name}, set ${key}`,
        fix: `use one of ${[...texts.keys()].map((one) => `\${${one}}`).join(', ')}`,
      });
    });
  return Object.fromEntries(
    Object.entries(release.set).map(([key, value]) => [key, typeof value === 'string' ? fill(value, key) : value]),
  );
}
