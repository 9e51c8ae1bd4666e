/** Where a file of the package comes from: a file of the run, or a text that follows from its histories. */
export type Source = { file: string } | { text: string };
