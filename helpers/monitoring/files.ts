import { z } from 'zod';
import type { KubeObject } from '../kubernetes/resources.ts';

/** The fact of whoever runs a Prometheus: the files that it was started with, by the names that Protocol 20 has for them. */
export const MONITORING_FILES = 'monitoring.files';

const names: Readonly<Record<string, string>> = {
  'prometheus.yml': 'metrics-config.yaml',
  'rules.yml': 'alert-rules.yaml',
};

export const monitoringFiles = z.array(z.object({ name: z.enum(Object.values(names)), content: z.string() }));

/** What Prometheus finds in the ConfigMaps among its objects. Who is told by its Alertmanager stays out: addresses of receivers are secrets. */
export function filesOfPrometheus(objects: readonly KubeObject[]): z.infer<typeof monitoringFiles> {
  const data = objects.flatMap((object) =>
    object.kind === 'ConfigMap' ? Object.entries((object as { data?: Record<string, string> }).data ?? {}) : [],
  );
  return data.flatMap(([file, content]) => {
    const name = names[file];
    return name === undefined ? [] : [{ name, content }];
  });
}
