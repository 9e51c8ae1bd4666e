import { codeOf, isBelow, Passages, words } from './passages.ts';
import type { Passage, UpgradeDocument } from './read.ts';

/** What an operator has to find in a document before an upgrade. */
export const upgradeTopics = [
  'order',
  'backup',
  'migration',
  'rollback',
  'rollback-limits',
  'verification',
  'compatibility',
  'downtime',
] as const;
export type UpgradeTopic = (typeof upgradeTopics)[number];

/** Whether a document says something about a topic, and where. */
export interface TopicFact {
  /** In words, for whoever has to write it. */
  lookedFor: string;
  found: boolean;
  /** `docs/upgrade.md:12, section "Order"`. */
  where: string[];
  /** What is not there, where something is. */
  missing?: string;
}

interface Definition {
  lookedFor: string;
  /** The passages that carry it, and what they lack. */
  find(document: Passages): { carried: Passage[]; missing?: string | undefined };
}

/** Most places that are told for a topic. */
const PLACES = 3;

/**
 * Looks for every topic in the documents.
 * @param releases names of the releases that an upgrade changes.
 */
export function findTopics(
  documents: readonly UpgradeDocument[],
  releases: readonly string[],
): Record<UpgradeTopic, TopicFact> {
  const wanted = { ...definitions, order: order(releases) };
  const find = (topic: UpgradeTopic): TopicFact => {
    const definition = wanted[topic];
    const { lookedFor } = definition;
    const found = documents.map((document) => ({ document, ...definition.find(new Passages(document.passages)) }));
    const hit = found.find(({ carried, missing }) => carried.length > 0 && missing === undefined);
    if (hit !== undefined) {
      const where = hit.carried.slice(0, PLACES).map((passage) => placeOf(hit.document, passage));
      return { lookedFor, found: true, where };
    }
    const missing = found.map((one) => one.missing).find((reason) => reason !== undefined);
    return { lookedFor, found: false, where: [], ...(missing === undefined ? {} : { missing }) };
  };
  return Object.fromEntries(upgradeTopics.map((topic) => [topic, find(topic)])) as Record<UpgradeTopic, TopicFact>;
}

function placeOf({ file }: UpgradeDocument, { line, under }: Passage): string {
  const section = under.at(-1);
  return `${file}:${String(line)}${section === undefined ? '' : `, section "${section}"`}`;
}

const ORDER =
  /\b(in|the) (this |that |following |right |same )?order\b|\bfirst\b[\s\S]*\b(then|next|afterwards|second)\b/i;

/** Several releases have an order of their own: each of them has to be named in the steps. */
function order(releases: readonly string[]): Definition {
  const several = releases.length > 1;
  return {
    lookedFor: several ? `in which order ${releases.join(' and ')} are upgraded` : 'in which order the steps are done',
    find: (document) => {
      const section = document.all.filter(
        (passage) => isBelow(passage, words.upgrade) && !isBelow(passage, words.rollback),
      );
      const steps = section.filter(({ kind, text }) => kind === 'step' || (kind !== 'heading' && ORDER.test(text)));
      const commands = document.commands(words.upgradeCommand).map(codeOf).join('\n');
      const unnamed = several ? releases.filter((name) => !namesRelease(commands, name)) : [];
      if (steps.length > 0 && unnamed.length > 0)
        return { carried: steps, missing: `no command upgrades ${unnamed.join(' or ')}` };
      return { carried: steps };
    },
  };
}

function namesRelease(commands: string, name: string): boolean {
  return commands.split('\n').some((line) => words.upgradeCommand.test(line) && line.split(/\s+/).includes(name));
}

const definitions: Record<Exclude<UpgradeTopic, 'order'>, Definition> = {
  backup: {
    lookedFor: 'a backup with its command, before the first command that upgrades',
    find: (document) => {
      const spoken = /\bback(s|ed|ing)?[ -]?up|\bsnapshot|\bdump/i;
      const tools = /\b(pg_dump(all)?|pg_basebackup|mysqldump|mongodump|velero|snapshot|backup|restic|cp|rsync)\b/i;
      if (document.prose(spoken).length === 0 && document.headings(spoken).length === 0) return { carried: [] };
      const commands = document.commands(tools);
      if (commands.length === 0) return { carried: [], missing: 'no command' };
      const upgrade = document.commands(words.upgradeCommand)[0];
      const before = commands.filter(({ line }) => upgrade === undefined || line <= upgrade.line);
      return before.length > 0 ? { carried: before } : { carried: [], missing: 'it stands after the upgrade' };
    },
  },
  migration: {
    lookedFor: "what becomes of the database's schema and who migrates it",
    find: (document) => ({
      carried: document.prose(/\bmigrat/i).filter(({ text }) => /\b(schema|database|data)\b/i.test(text)),
    }),
  },
  rollback: {
    lookedFor: 'a section on rolling back, with its command',
    find: (document) => {
      if (document.headings(words.rollback).length === 0) return { carried: [], missing: 'no section' };
      const commands = document.commands(words.rollbackCommand, words.rollback);
      return commands.length > 0 ? { carried: commands } : { carried: [], missing: 'no command in it' };
    },
  },
  'rollback-limits': {
    lookedFor: 'what a rollback does not bring back, or when it cannot be done',
    find: (document) => ({
      carried: [
        ...document.prose(/\b(not|never|cannot|no longer|lost|refuses?|only|limits?)\b/i, /\blimit/i),
        ...document
          .prose(/\b(never|cannot|no longer|lost|refuses?|(is|are|does|do|was|were) not)\b/i, words.rollback)
          .filter(({ text }) => /\b(schema|data|database|migrat|chang|version|restor|roll)/i.test(text)),
      ],
    }),
  },
  verification: {
    lookedFor: 'how to see that the upgrade worked, with a command',
    find: (document) => {
      const spoken = /\bverif|\bcheck|\btest|\bconfirm|\bvalidat/i;
      const commands = document.commands(
        /\bhelm (test|status|history)\b|\brollout status\b|\bkubectl\b[^\n]*\b(get|wait)\b|\bcurl\b/,
      );
      if (commands.length === 0) return { carried: [], missing: 'no command' };
      return { carried: commands.filter((passage) => spoken.test(passage.text) || isBelow(passage, spoken)) };
    },
  },
  compatibility: {
    lookedFor: 'from which version to which one may upgrade, or what a version needs',
    find: (document) => ({
      carried: document
        .prose(/\bv?\d+\.\d+(\.\d+|\.x)?\b/)
        .filter(
          (passage) =>
            /\b(compatib|support|needs?\b|requires?\b|skip|at least|or later|minimum)/i.test(passage.text) ||
            /\bfrom\b.*\d\.\d/i.test(passage.text) ||
            isBelow(passage, /\b(compatib|supported|versions?\b)/i),
        ),
    }),
  },
  downtime: {
    lookedFor: 'what clients notice: downtime, calls in flight, sessions',
    find: (document) => ({
      carried: document.prose(
        /\b(downtime|outage|in[ -]flight|interrupt|unavailab|zero[ -]downtime|clients? (see|notice|are cut)|calls? (go on|fail|are (lost|dropped|cut))|drain)/i,
      ),
    }),
  },
};
