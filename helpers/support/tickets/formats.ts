/** Ticket systems whose exports are understood as they come. */
export const formats = ['zendesk', 'jira-service-management', 'servicenow', 'plain'] as const;

export type FormatName = (typeof formats)[number];

/** What is read of a ticket. `firstResponseMinutes`: minutes from its creation, where the export has that instead of a moment. */
export type Field = 'id' | 'severity' | 'created' | 'firstResponse' | 'firstResponseMinutes' | 'resolved';

/** How an export is laid out. */
export interface Format {
  /** Names that a column may have, the usual one first; in JSON, the path to the value. */
  columns: Record<Field, readonly string[]>;
  /** Patterns of times beside ISO 8601 and `2026-11-02 09:15:00`, in the tokens of Luxon. */
  timeFormats: readonly string[];
}

export const layouts: Readonly<Record<FormatName, Format>> = {
  /** Account export and reports as CSV; in JSON the tickets of the API with `include=metric_sets`. */
  zendesk: {
    columns: {
      id: ['Id', 'ID', 'Ticket ID', 'id'],
      severity: ['Priority', 'Ticket priority', 'priority'],
      created: ['Created at', 'created_at'],
      firstResponse: [],
      firstResponseMinutes: [
        'First reply time in minutes',
        'First reply time (min)',
        'metric_set.reply_time_in_minutes.calendar',
      ],
      resolved: ['Solved at', 'metric_set.solved_at'],
    },
    timeFormats: [],
  },
  /**
   * Issue search as CSV (all fields); in JSON the issues of the REST API. The field with the moment of the first response comes with
   * Jira and is filled for service projects; "Time to first response" holds what is left of the time limit, which is no moment.
   */
  'jira-service-management': {
    columns: {
      id: ['Issue key', 'key'],
      severity: ['Priority', 'fields.priority.name'],
      created: ['Created', 'fields.created'],
      firstResponse: ['Custom field ([CHART] Date of First Response)', '[CHART] Date of First Response'],
      firstResponseMinutes: [],
      resolved: ['Resolved', 'fields.resolutiondate'],
    },
    timeFormats: ['dd/MMM/yy h:mm a', 'dd/MMM/yyyy h:mm a', 'dd/MMM/yy HH:mm', 'dd/MMM/yyyy HH:mm'],
  },
  /**
   * List export as CSV, with names or with labels as headers; in JSON the Table API. Incidents have no field of their own for the
   * first response: many instances add one, whose name is to be declared where it is not among these.
   */
  servicenow: {
    columns: {
      id: ['number', 'Number', 'number.display_value'],
      severity: ['priority', 'Priority', 'priority.display_value'],
      created: ['opened_at', 'Opened', 'opened_at.value', 'sys_created_on', 'Created'],
      firstResponse: [
        'first_response_time',
        'First Response Time',
        'first_response_time.value',
        'u_first_response_at',
        'u_first_response_time',
        'u_first_response',
      ],
      firstResponseMinutes: [],
      resolved: ['resolved_at', 'Resolved', 'resolved_at.value'],
    },
    timeFormats: [],
  },
  plain: {
    columns: {
      id: ['id'],
      severity: ['severity'],
      created: ['created'],
      firstResponse: ['first_response'],
      firstResponseMinutes: [],
      resolved: ['resolved'],
    },
    timeFormats: [],
  },
};
