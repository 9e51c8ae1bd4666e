import { z } from 'zod';

/** The fact `analysis.NAME`: what Argo Rollouts has measured of the version that was brought in, and how it judged. */
export const analysisFact = z.array(
  z.object({
    /** Name of the AnalysisRun. */
    run: z.string(),
    phase: z.string(),
    message: z.string().optional(),
    metrics: z.array(
      z.object({
        /** A rollback trigger, or a sample. */
        name: z.string(),
        phase: z.string(),
        /** That came to a conclusion. */
        measurements: z.number(),
        failed: z.number(),
        errors: z.number(),
        /** The latest figures, in the unit of Prometheus; none where there were too few calls for one. */
        values: z.array(z.number()),
        /** Those beyond the limit. */
        reached: z.array(z.number()),
        message: z.string().optional(),
      }),
    ),
  }),
);
export type AnalysisFact = z.infer<typeof analysisFact>;
