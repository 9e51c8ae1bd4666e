import { expect, test } from '@playwright/test';
import { valueFlags } from '../../../../helpers/helm/helm.ts';
import { parseLint } from '../../../../helpers/helm/lint.ts';

test.describe('Helm arguments', { tag: '@static' }, () => {
  test('should keep types and take syntax characters in texts literally', () => {
    const set = { 'image.tag': '1.10', replicas: 2, debug: false, list: 'a,b{c}\\d' };
    expect(valueFlags({ files: ['/a.yaml', '/b.yaml'], set })).toEqual([
      ...['--values', '/a.yaml', '--values', '/b.yaml'],
      ...['--set-string', 'image.tag=1.10', '--set', 'replicas=2', '--set', 'debug=false'],
      ...['--set-string', 'list=a\\,b\\{c\\}\\\\d'],
    ]);
  });
});

test.describe('The output of helm lint', { tag: '@static' }, () => {
  test('should be counted by severity, findings over several lines as one', () => {
    const output = [
      '==> Linting chart',
      '[INFO] Chart.yaml: icon is recommended',
      "[ERROR] values.yaml: - at '/image': additional properties 'a' not allowed",
      "- at '': additional properties 'b' not allowed",
      '',
      '[WARNING] templates/: object name does not conform',
      '',
      'Error: 1 chart(s) linted, 1 chart(s) failed',
    ].join('\n');
    const lint = parseLint(output);
    expect(lint).toMatchObject({ errors: 1, warnings: 1 });
    expect(lint.messages[1]).toContain("- at '': additional properties 'b'");
    expect(lint.messages[2]).toBe('[WARNING] templates/: object name does not conform');
  });

  test('should be nothing for a chart without findings', () => {
    expect(parseLint('==> Linting chart\n\n1 chart(s) linted, 0 chart(s) failed\n')).toEqual({
      errors: 0,
      warnings: 0,
      messages: [],
    });
  });
});
