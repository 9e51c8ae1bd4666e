import { z } from 'zod';
import { parseQuantity, SMALLEST_CPU, SMALLEST_MEMORY } from './quantity.ts';

const cpu = z
  .string()
  .refine((text) => parseQuantity(text) !== undefined, {
    message: 'must be a quantity of Kubernetes, e.g. "500m" or "2"',
    abort: true,
  })
  .refine(
    (text) => (parseQuantity(text) ?? 0n) >= SMALLEST_CPU,
    'must be at least "1m": Kubernetes has no smaller share',
  )
  .describe('Cores, as Kubernetes writes them, e.g. "500m" or "2"');

const memory = z
  .string()
  .refine((text) => parseQuantity(text) !== undefined, {
    message: 'must be a quantity of Kubernetes, e.g. "512Mi" or "4Gi"',
    abort: true,
  })
  .refine(
    (text) => (parseQuantity(text) ?? 0n) >= SMALLEST_MEMORY,
    'must be at least "1Mi"; "m" means thousandths of a byte',
  )
  .describe('Bytes, as Kubernetes writes them, e.g. "512Mi" or "4Gi"');

const requests = z.strictObject({ cpu, memory });

/** What one replica gets. That requests do not exceed limits is checked beside the schema, where both places can be named. */
export const resources = z
  .strictObject({
    requests: requests.describe('What is kept free for each replica'),
    limits: requests
      .extend({
        'nvidia.com/gpu': z.int().min(1).optional().describe('GPUs; Kubernetes takes the limit for the request'),
      })
      .describe('What each replica may use at most'),
  })
  .describe('CPU and memory of one replica');
