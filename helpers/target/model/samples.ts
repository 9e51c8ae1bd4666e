import { z } from 'zod';

/** A number, a text, or nested lists of them: what one tensor or one field of an instance holds. */
export type TensorValue = string | number | boolean | TensorValue[];

/** That the values are what the type says is checked beside the schema, where the very place of a wrong one can be told. */
const tensorValue = z.unknown() as z.ZodType as z.ZodType<TensorValue>;

const fields = z.record(z.string().min(1), tensorValue);

/** One instance and what the model must say about it. Told by fields, so that every serving protocol can ask it in its own way. */
export const sample = z.strictObject({
  name: z.string().min(1).describe('What the instance is, for people'),
  input: fields.describe('Field or tensor and its value for this one instance, e.g. features: [5.1, 3.5, 1.4, 0.2]'),
  expected: fields.describe('Field or tensor of the answer and the value that it must have'),
  tolerance: z.number().min(0).default(0).describe('How far a number may be off, absolutely'),
});

export type Sample = z.infer<typeof sample>;

/** Labelled instances by which the accuracy is measured through the served model. */
export const accuracy = z.strictObject({
  dataset: z.string().describe('CSV file with a header, relative to target.yaml; rows that no version was trained on'),
  label: z.string().min(1).describe('Column that holds the right answer'),
  input: z.string().min(1).describe('Field or tensor that the other columns are put into, in their order'),
  output: z.string().min(1).describe('Field or tensor of the answer that is compared with the label'),
  minimum: z.number().gt(0).max(1).describe('Share of right answers that the candidate must reach'),
  mayLose: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('How much less than the stable version the candidate may reach, as a share of all rows'),
});
