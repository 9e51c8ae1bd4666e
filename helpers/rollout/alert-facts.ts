import { z } from 'zod';

/** What the experiment on alerts writes down. */

/** The fact `alerts.promtool`: what promtool says of the rules, those that are delivered and those of the trial. */
export const promtoolFact = z.array(z.object({ what: z.string(), exitCode: z.number(), output: z.string() }));
export type PromtoolFact = z.infer<typeof promtoolFact>;

/** The fact `alerts.quiet`: what fired while traffic was on a healthy model. */
export const quietFact = z.object({
  watchedMs: z.number(),
  /** Requests a second that Prometheus has seen meanwhile. */
  requestRate: z.number(),
  firing: z.array(z.string()),
});

/** The fact `alerts.dashboard`: every query of the dashboard, asked while traffic was on the model. */
export const dashboardFact = z.array(
  z.object({ panel: z.string(), expr: z.string(), samples: z.number(), error: z.string().optional() }),
);
export type DashboardFact = z.infer<typeof dashboardFact>;

/** The fact `alerts.NAME` of a cause: which alerts it was to raise, and what became of each. */
export const causeFact = z.object({
  expected: z.array(
    z.object({
      alert: z.string(),
      /** From the cause to the message of it, in ms; missing where none came in time. */
      firedAfterMs: z.number().optional(),
      /** From the removal of the cause to the message that it is over, in ms. */
      resolvedAfterMs: z.number().optional(),
    }),
  ),
  /** What fired besides. */
  others: z.array(z.string()),
  /** Messages in the format of Slack that came meanwhile. */
  slackMessages: z.number(),
  /** What was wrong with messages, whichever they were for. */
  problems: z.array(z.string()),
});
export type CauseFact = z.infer<typeof causeFact>;
