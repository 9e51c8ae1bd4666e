import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { placesIn } from '../../../../reports/places.ts';
import { root } from '../repo/repository.ts';
import { checkOf, gateOf } from './verdicts.ts';

const target = 'fixtures/targets/contextforge';

test.describe('Places of causes', { tag: '@static' }, () => {
  test('should be the file and line that a finding names, relative to the repository', () => {
    const seen =
      'nothing asks for it at custom-server-secrets (gitops/custom-server.yaml:28 spec.values.existingSecret)';
    expect(placeOf('gitops.secrets-reload', seen)).toEqual({ file: `${target}/gitops/custom-server.yaml`, line: 28 });
  });

  test("should be a chart's template that Helm names", () => {
    const seen = '1 errors in gateway ([ERROR] templates/: gateway/templates/deployment.yaml:4:2: unexpected "}")';
    expect(placeOf('chart.lints-without-errors', seen)).toEqual({
      file: `${target}/charts/gateway/templates/deployment.yaml`,
      line: 4,
    });
  });

  test("should be the key of a chart's values that a finding names", () => {
    const place = placeOf('chart.readme-documents-values', '1 value without a row: gateway autoscaling.maxReplicas');
    expect(place?.file).toBe(`${target}/charts/gateway/values.yaml`);
    expect(lineAt(place)).toMatch(/^\s+maxReplicas:/);
  });

  const fields = [
    ['config.scale-in.no-call-lost.kept-alive', /^ {2}scale-in:/],
    ['config.invalid-by-api.refused', /^ {2}invalid:/],
    ['upgrade.never-ready.returns', /^ {4}never-ready:/],
    ['chart.describes-uninstall', /^ {2}uninstall:/],
    ['support.sla-is-declared', /^support:/],
    ['gitops-live.policy-by-commit', /^ {4}policy:/],
    ['worker.lists-tools', /^worker:/],
    ['architecture.replicas', /^architecture:/],
  ] as const;
  for (const [id, line] of fields) {
    test(`should be the field of target.yaml that ${id} is about`, () => {
      const place = placeOf(id, '3 of 51 calls lost');
      expect(place?.file).toBe(`${target}/target.yaml`);
      expect(lineAt(place)).toMatch(line);
    });
  }

  test('should be the nearest field that is there', () => {
    expect(lineAt(placeOf('config.no-such-change.refused', 'x'))).toMatch(/^changes:/);
  });

  test('should be a line that the file has, even if the finding is about an older state of it', () => {
    expect(placeOf('gitops.x', 'gitops/gateway.yaml:99999 is wrong')).toEqual({
      file: `${target}/gitops/gateway.yaml`,
      line: 1,
    });
  });

  test('should be the spec where nothing of the target lies in the repository', () => {
    const elsewhere = test.info().outputPath('elsewhere');
    write(join(elsewhere, 'target.yaml'), 'name: boat\n');
    const place = placesIn(elsewhere, {
      repository: join(root, 'helpers'),
      fallback: () => ({ file: 'tests/x.spec.ts', line: 8 }),
    });
    expect(place(checkOf('fail'), gateOf('fail'), 'tiny')).toEqual({ file: 'tests/x.spec.ts', line: 8 });
    const none = placesIn(undefined, { repository: root, fallback: () => undefined });
    expect(none(checkOf('fail'), gateOf('fail'), 'tiny')).toBeUndefined();
  });

  test('should never be out of the repository, whatever a finding says', () => {
    const repository = test.info().outputPath('repository');
    write(join(repository, 'trial/target.yaml'), 'releases: []\n');
    write(join(repository, '../secret.yaml'), 'a: 1\n');
    const place = placesIn(join(repository, 'trial'), { repository, fallback: () => undefined });
    const seen = '../../secret.yaml:1 and /etc/hosts.yaml:1';
    expect(place(checkOf('fail', { id: 'chart.x', seen }), gateOf('fail'), 'tiny')?.file).toBe('trial/target.yaml');
  });

  test('should be found in no time in a finding of any length', () => {
    expect(placeOf('chart.readme-x', 'a.'.repeat(200_000))?.file).toBe(`${target}/target.yaml`);
  });
});

function placeOf(id: string, seen: string) {
  const place = placesIn(join(root, target), { repository: root, fallback: () => undefined });
  return place(checkOf('fail', { id, seen }), gateOf('fail'), 'category-8');
}

function lineAt(place: { file: string; line: number } | undefined): string | undefined {
  return place === undefined ? undefined : readFileSync(join(root, place.file), 'utf8').split('\n')[place.line - 1];
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
