import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { matrixMarkdown } from './markdown.ts';
import { matrixSvg } from './picture.ts';
import { matrixSchema } from './report.ts';
import type { Matrix } from './report.ts';

export const folder = join(import.meta.dirname, '../../../../docs/kill-matrix');

/** The committed report, by the names of its files. Pure. */
export function filesOf(matrix: Matrix): Record<string, string> {
  return {
    'matrix.json': `${JSON.stringify(matrix, undefined, 2)}\n`,
    'matrix.svg': `${matrixSvg(matrix)}\n`,
    'README.md': matrixMarkdown(matrix),
  };
}

export function committed(): Matrix {
  return matrixSchema.parse(JSON.parse(read('matrix.json')));
}

export function read(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
