import { z } from 'zod';
import { checkStatus, overallStatus } from './facts.ts';
import type { Report } from './facts.ts';

const status = checkStatus;
const number = z.number().nullish();

/** The report as the protocol has it: shares are told in per cent, and a figure that there is no sample of is null. */
const told = z.object({
  status: overallStatus,
  window_seconds: z.number().positive().optional(),
  checks: z.object({
    model_loaded: z.object({ status }),
    memory_usage: z.object({ status, usage_percent: number }),
    cpu_usage: z.object({ status, usage_percent: number }),
    response_time: z.object({ status, avg_response_time_ms: number }),
    error_rate: z.object({ status, error_rate_percent: number }),
  }),
});

/** Where a server does not say over how many seconds it looks back. */
const USUAL_WINDOW_S = 30;

/**
 * Reads the report of a server in the units of the declared limits. `windowMs`: how far it looks back.
 * @throws Error naming each field that is not as the protocol has it.
 */
export function readReport(body: unknown): { report: Report; windowMs: number } {
  const parsed = told.safeParse(body);
  if (!parsed.success) throw new Error(`the report is not as the protocol has it: ${z.prettifyError(parsed.error)}`);
  const { checks, window_seconds = USUAL_WINDOW_S } = parsed.data;
  const { model_loaded, memory_usage, cpu_usage, response_time, error_rate } = checks;
  return {
    windowMs: window_seconds * 1000,
    report: {
      overall: parsed.data.status,
      checks: {
        modelLoaded: { status: model_loaded.status },
        memory: measured(memory_usage.status, memory_usage.usage_percent, 100),
        cpu: measured(cpu_usage.status, cpu_usage.usage_percent, 100),
        responseTimeMs: measured(response_time.status, response_time.avg_response_time_ms, 1),
        errorRate: measured(error_rate.status, error_rate.error_rate_percent, 100),
      },
    },
  };
}

function measured(found: z.infer<typeof status>, value: number | null | undefined, divisor: number) {
  return { status: found, ...(value === undefined || value === null ? {} : { value: value / divisor }) };
}
