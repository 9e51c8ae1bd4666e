import type { Path } from '../config/document.ts';
import { didYouMean } from '../config/suggest.ts';
import { NOT_UNDER_SLA } from './parts.ts';
import type { SupportFacts } from './schema.ts';

/** A mistake that lies between facts. */
export interface Contradiction {
  path: Path;
  what: string;
  fix: string;
}

/** Everything among the facts that refers to nothing, or says a thing twice. */
export function contradictions(facts: SupportFacts): Contradiction[] {
  return [...periods(facts), ...sla(facts), ...ticketSeverities(facts), ...escalation(facts)];
}

function periods({ pilot, escalation }: SupportFacts): Contradiction[] {
  const periods = [
    { path: ['pilot', 'to'], from: pilot?.from, to: pilot?.to },
    { path: ['escalation', 'validUntil'], from: escalation?.validFrom, to: escalation?.validUntil },
  ];
  return periods.flatMap(({ path, from, to }) =>
    from !== undefined && to !== undefined && to < from
      ? [{ path, what: `The period ends on ${to}, before it begins on ${from}`, fix: 'correct one of the two' }]
      : [],
  );
}

function sla({ sla, calendar }: SupportFacts): Contradiction[] {
  const severities = sla?.severities ?? [];
  const names = severities.map(({ name }) => name);
  const needsCalendar = severities.findIndex(({ clock }) => clock === 'business-hours');
  return [
    ...twice(names, ['sla', 'severities'], 'severity'),
    ...(needsCalendar !== -1 && calendar === undefined
      ? [
          {
            path: ['sla', 'severities', needsCalendar, 'clock'],
            what: 'The limits count business hours, but no business hours are declared',
            fix: 'add "calendar:" with time zone, week and holidays',
          },
        ]
      : []),
  ];
}

function ticketSeverities({ sla, tickets }: SupportFacts): Contradiction[] {
  if (tickets === undefined) return [];
  const names = severityNames(sla);
  return Object.entries(tickets.severities).flatMap(([value, name]) =>
    name === NOT_UNDER_SLA ? [] : unknown(name, names, ['tickets', 'severities', value], 'severity of the SLA'),
  );
}

function escalation({ sla, escalation }: SupportFacts): Contradiction[] {
  if (escalation === undefined) return [];
  const severities = severityNames(sla);
  const levels = escalation.levels.map(({ name }) => name);
  return [
    ...twice(levels, ['escalation', 'levels'], 'level'),
    ...escalation.covers.flatMap((name, index) =>
      unknown(name, severities, ['escalation', 'covers', index], 'severity of the SLA'),
    ),
    ...escalation.drills.flatMap((drill, index) => [
      ...unknown(drill.severity, severities, ['escalation', 'drills', index, 'severity'], 'severity of the SLA'),
      ...drill.reached.flatMap(({ level }, at) =>
        unknown(level, levels, ['escalation', 'drills', index, 'reached', at, 'level'], 'level of the path'),
      ),
    ]),
  ];
}

function severityNames(sla: SupportFacts['sla']): string[] {
  return sla?.severities.map(({ name }) => name) ?? [];
}

function twice(names: readonly string[], path: Path, kind: string): Contradiction[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          {
            path: [...path, index, 'name'],
            what: `The ${kind} "${name}" is declared twice`,
            fix: 'rename or remove one',
          },
        ],
  );
}

function unknown(name: string, names: readonly string[], path: Path, kind: string): Contradiction[] {
  if (names.includes(name)) return [];
  const fix = names.length === 0 ? 'declare the severities under "sla:"' : `use one of ${names.join(', ')}`;
  return [{ path, what: `"${name}" is not a ${kind}`, fix: didYouMean(name, names) ?? fix }];
}
