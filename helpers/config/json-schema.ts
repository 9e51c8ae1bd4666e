import { z } from 'zod';
import { architectureSchema } from '../architecture/schema.ts';
import { evidenceSchema } from '../evidence/package/manifest.ts';
import { validationSchema } from '../evidence/validation.ts';
import { modelSchema } from '../target/model/schema.ts';
import { targetSchema } from '../target/schema.ts';
import { verdictSchema } from '../verdict/schema.ts';
import { summarySchema } from '../verdict/views/summary.ts';
import { configSchema } from './schema.ts';

const schemas = {
  target: targetSchema,
  model: modelSchema,
  architecture: architectureSchema,
  config: configSchema,
  validation: validationSchema,
  verdict: verdictSchema,
  summary: summarySchema,
  evidence: evidenceSchema,
};

/** What `seatrial schema` can print. */
export const schemaNames = Object.keys(schemas) as SchemaName[];

export type SchemaName = keyof typeof schemas;

/** The JSON Schema, as text, of what a person writes, where what has a default may be left out, or of what a run leaves for others to read. */
export function jsonSchema(name: SchemaName): string {
  const schema = z.toJSONSchema(schemas[name], { io: 'input' });
  return JSON.stringify({ $id: `https://seatrial.dev/schemas/${name}/v1`, ...schema }, undefined, 2);
}
