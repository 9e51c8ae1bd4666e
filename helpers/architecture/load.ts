import { readDocument } from '../config/document.ts';
import type { Document } from '../config/document.ts';
import { parseDeclaration } from '../config/explain.ts';
import { didYouMean } from '../config/suggest.ts';
import { UserError } from '../errors.ts';
import type { Mistake } from '../errors.ts';
import { architectureSchema, aspectNames } from './schema.ts';
import type { Architecture, Component, ParsedArchitecture } from './schema.ts';

/**
 * Reads and validates a declared architecture.
 * @throws UserError naming every mistake with file, line, field and the fix.
 */
export function loadArchitecture(file: string): Architecture {
  const document = readDocument(file);
  const parsed = parseDeclaration(architectureSchema, document);
  if ('mistakes' in parsed) throw new UserError(...parsed.mistakes);
  const { defaults, components, ...rest } = parsed.value;
  const [first, ...more] = mistakesIn(parsed.value, document);
  if (first) throw new UserError(first, ...more);
  return { ...rest, components: components.map((component) => ({ ...defaults, ...component }) as Component) };
}

/** What the schema cannot see. */
function mistakesIn(declared: ParsedArchitecture, { place }: Pick<Document, 'place'>): Mistake[] {
  const { components, defaults, stores } = declared;
  const names = components.map(({ name }) => name);
  const incomplete = components.flatMap((component, index) => {
    const where = place(['components', index]);
    const selects = [component.workload, component.selector].filter((value) => value !== undefined).length;
    const missing = aspectNames.filter((aspect) => component[aspect] === undefined && defaults[aspect] === undefined);
    return [
      ...(selects === 1
        ? []
        : [
            {
              what: `The component "${component.name}" names ${selects === 0 ? 'no workload' : 'its workload twice'}`,
              where,
              fix: 'say either "workload:" (KIND/NAME) or "selector:" (labels)',
            },
          ]),
      ...(names.indexOf(component.name) === index
        ? []
        : [{ what: `The component "${component.name}" is declared twice`, where, fix: 'rename it, or remove one' }]),
      ...missing.map((aspect) => ({
        what: `The component "${component.name}" says nothing about "${aspect}", and neither do the defaults`,
        where,
        fix: `add "${aspect}:", or "${aspect}: { notApplicable: … }" with the reason`,
      })),
    ];
  });
  const strangers = (Array.isArray(stores) ? stores : []).flatMap(({ usedBy }, index) =>
    names.includes(usedBy)
      ? []
      : [
          {
            what: `There is no component "${usedBy}"`,
            where: place(['stores', index, 'usedBy']),
            fix: didYouMean(usedBy, names) ?? `use one of ${names.join(', ')}`,
          },
        ],
  );
  return [...incomplete, ...strangers];
}
