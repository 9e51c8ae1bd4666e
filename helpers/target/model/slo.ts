import { z } from 'zod';
import { thresholds } from '../../verdict/thresholds.ts';

const { modelP95, modelP99, modelErrorRate, modelAvailability, modelRollback } = thresholds;

/** What the model is held to. The protocol's own figures are the default and the laxest that is taken: a gate cannot be moved by a target. */
export const slo = z
  .strictObject({
    p95Ms: z
      .number()
      .positive()
      .max(modelP95.value)
      .default(modelP95.value)
      .describe('P95 of the response time is below'),
    p99Ms: z
      .number()
      .positive()
      .max(modelP99.value)
      .default(modelP99.value)
      .describe('P99 of the response time is below'),
    errorRate: z
      .number()
      .positive()
      .max(modelErrorRate.value)
      .default(modelErrorRate.value)
      .describe('Share of failed requests is below'),
    availability: z
      .number()
      .min(modelAvailability.value)
      .lt(1)
      .default(modelAvailability.value)
      .describe('Share of the time in which the model answers is above'),
    rollbackMs: z
      .number()
      .positive()
      .max(modelRollback.value)
      .default(modelRollback.value)
      .describe('Time that a rollback takes is below'),
  })
  .prefault({});
