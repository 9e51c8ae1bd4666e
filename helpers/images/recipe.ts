import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, normalize } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, UserError, type Mistake } from '../errors.ts';
import { requirementMistakes } from './requirements.ts';

/** What a Debian release brings along: its Python, and the minor version of its glibc 2, which limits the wheels that run on it. */
export const SUITES = {
  bookworm: { python: '3.11', glibcMinor: 36 },
  trixie: { python: '3.13', glibcMinor: 41 },
} as const;

const packageName = z.string().regex(/^[a-z0-9][a-z0-9+.-]+$/, 'must be the name of a Debian package');

const imagePath = z
  .string()
  .refine(
    (path) => isAbsolute(path) && normalize(path) === path && path !== '/' && !path.endsWith('/'),
    'must be an absolute path in the image, without "..", "//" or a "/" at the end',
  );

const recipePath = z
  .string()
  .refine(
    (path) => path !== '' && !isAbsolute(path) && !normalize(path).startsWith('..'),
    'must be a path below the folder of image.yaml',
  );

const owner = z.string().regex(/^\d+:\d+$/, 'must be numeric, as UID:GID, since the name may be unknown at run time');

const command = z.array(z.string()).min(1);

const recipeSchema = z.strictObject({
  version: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/, 'must fit into an image tag: letters, digits, "_", "." and "-"')
    .describe('Version of what the image holds; first part of its tag'),
  base: z.strictObject({
    suite: z.enum(Object.keys(SUITES) as (keyof typeof SUITES)[]).describe('Debian release'),
    packages: z.array(packageName).default([]).describe('Debian packages beside the essential ones'),
  }),
  python: z
    .strictObject({
      requirements: recipePath.describe('Every package pinned with ==, each with its --hash lines (pip-compile style)'),
      target: imagePath.describe('Folder that the packages go to; put it on PYTHONPATH by `env`'),
      trim: z.array(recipePath).default([]).describe('The same for the Python packages, relative to `target`'),
    })
    .optional(),
  files: z
    .array(
      z.strictObject({
        from: recipePath.describe('File or folder'),
        to: imagePath,
        mode: z
          .string()
          .regex(/^0[0-7]{3}$/, 'must be octal and quoted, e.g. "0755"')
          .default('0644')
          .describe('Mode of the files; folders are 0755'),
        owner: owner.default('0:0'),
      }),
    )
    .default([]),
  run: z.array(command).default([]).describe('Commands inside the image after its packages are there; without network'),
  trim: z
    .array(imagePath)
    .default([])
    .describe('Files and folders of the Debian packages that are of no use at run time; "*" matches within a name'),
  user: owner.describe('Who runs the command'),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  entrypoint: command.optional(),
  cmd: command.optional(),
  workdir: imagePath.optional(),
  ports: z.array(z.int().min(1).max(65535)).default([]),
});

export type ImageRecipe = z.infer<typeof recipeSchema> & {
  /** Where image.yaml stands; relative paths are relative to it. */
  folder: string;
};

/**
 * Reads and validates `image.yaml`, and makes sure that all files it names are there.
 * @throws UserError with every mistake, each with file and field.
 */
export function readRecipe(folder: string): ImageRecipe {
  const file = join(folder, 'image.yaml');
  if (!existsSync(file)) {
    throw new UserError({
      what: 'The image recipe is missing',
      where: file,
      fix: 'Write an image.yaml there, or correct the folder under `images` in target.yaml',
    });
  }
  const parsed = recipeSchema.safeParse(parseYaml(file));
  if (!parsed.success) throw userError(parsed.error.issues.map((issue) => schemaMistake(file, issue)));
  const recipe = { ...parsed.data, folder };
  const mistakes = contentMistakes(file, recipe);
  if (mistakes.length > 0) throw userError(mistakes);
  return recipe;
}

function userError(mistakes: Mistake[]): UserError {
  return new UserError(...(mistakes as [Mistake, ...Mistake[]]));
}

function parseYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw new UserError({ what: 'image.yaml is not YAML', where: file, fix: messageOf(thrown) });
  }
}

function schemaMistake(file: string, issue: z.core.$ZodIssue): Mistake {
  const field = issue.path
    .map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`))
    .join('');
  return {
    what: `The image recipe has a mistake: ${issue.message}`,
    where: `${file} ${field.replace(/^\./, '')}`.trim(),
    fix: issue.code === 'unrecognized_keys' ? 'Remove or correct the key' : 'Correct the value',
  };
}

/** What the schema cannot see: files that are not there, and parts that do not fit together. */
function contentMistakes(file: string, recipe: ImageRecipe): Mistake[] {
  const mistakes: Mistake[] = [];
  recipe.files.forEach(({ from }, index) => {
    if (!existsSync(join(recipe.folder, from))) {
      mistakes.push({
        what: `${from} does not exist`,
        where: `${file} files[${String(index)}].from`,
        fix: 'Correct the path',
      });
    }
  });
  if (recipe.python !== undefined) {
    if (!recipe.base.packages.includes('python3')) {
      mistakes.push({
        what: 'Python packages need an interpreter',
        where: `${file} base.packages`,
        fix: 'Add python3',
      });
    }
    mistakes.push(...pythonMistakes(file, join(recipe.folder, recipe.python.requirements)));
  }
  return mistakes;
}

function pythonMistakes(file: string, requirements: string): Mistake[] {
  if (!existsSync(requirements) || !statSync(requirements).isFile()) {
    return [{ what: `${requirements} is not a file`, where: `${file} python.requirements`, fix: 'Correct the path' }];
  }
  return requirementMistakes(requirements, readFileSync(requirements, 'utf8'));
}
