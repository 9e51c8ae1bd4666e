import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';

/** Stands in for `@playwright/test` where unit tests are run thousands of times: what those tests use of it, in one process. */

type Body = (fixtures: object, info: Info) => unknown;
type Details = object;

interface Case {
  /** File, groups and title: no two are the same. */
  name: string;
  run: () => Promise<void>;
}

/** What a test knows about itself. */
interface Info {
  title: string;
  outputPath: (...names: string[]) => string;
}

/** Tests are declared while their files are loaded, and then run one after the other. */
export class Collected {
  readonly cases: Case[] = [];
  readonly #folder: string;
  #groups: string[] = [];
  #current: Info | undefined;
  #outputs = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Declares all tests of a file. */
  async load(file: string, load: () => Promise<unknown>): Promise<void> {
    this.#groups = [file];
    await load();
  }

  get info(): Info {
    if (this.#current === undefined) throw new Error('no test is running');
    return this.#current;
  }

  declare(title: string, body: Body): void {
    const name = [...this.#groups, title].join(' › ');
    this.cases.push({ name, run: () => this.#run(title, body) });
  }

  group(title: string, declare: () => void): void {
    const outer = this.#groups;
    this.#groups = [...outer, title];
    declare();
    this.#groups = outer;
  }

  async #run(title: string, body: Body): Promise<void> {
    const folder = join(this.#folder, String(++this.#outputs));
    const outputPath = (...names: string[]) => {
      mkdirSync(folder, { recursive: true });
      return join(folder, ...names);
    };
    this.#current = { title, outputPath };
    try {
      await body({}, this.#current);
    } finally {
      this.#current = undefined;
    }
  }
}

let collected: Collected | undefined;

/** From now on tests are declared there. */
export function collectIn(next: Collected): void {
  collected = next;
}

function here(): Collected {
  if (collected === undefined) throw new Error('no tests are being collected');
  return collected;
}

function test(title: string, ...rest: [Body] | [Details, Body]): void {
  here().declare(title, rest.at(-1) as Body);
}
test.describe = (title: string, ...rest: [() => void] | [Details, () => void]) => {
  here().group(title, rest.at(-1) as () => void);
};
test.info = () => here().info;

export { expect, test };
