import type { Section } from './recorded.ts';

/** What a person has to bring for each section of the facts. */
const facts: Readonly<Record<Section, string>> = {
  sources: 'source and date of each fact',
  pilot: 'the period of the pilot (pilot:)',
  engineers: 'the named solutions engineers with dedication, contact, hours and deputy (engineers:)',
  sla: 'the time limits for first response and resolution by severity (sla:)',
  calendar: 'the business hours with time zone and holidays (calendar:)',
  tickets: 'an export of the tickets of the pilot (tickets:)',
  escalation: 'the escalation path with levels, contacts, hours, time limits, status page and drills (escalation:)',
};

/** Says which facts are missing, and how to begin. */
export function bring(sections: readonly Section[], declared: boolean): string {
  const lacking = declared ? 'the facts about support lack' : 'the target declares no facts about support; bring';
  return `${lacking} ${sections.map((section) => facts[section]).join(', ')}; npx seatrial init --support writes a template`;
}
