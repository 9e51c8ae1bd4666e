import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { kindCluster } from './provider.ts';

/** Loads an image, an OCI image layout on disk, onto every node of the kind cluster under the name `reference`. */
export async function loadImageIntoKind(layout: string, reference: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-image-'));
  try {
    // The archive has to say its own name: there is no registry that would.
    const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: object[] };
    const manifests = index.manifests.map((manifest) => ({
      ...manifest,
      annotations: { 'io.containerd.image.name': reference },
    }));
    writeFileSync(join(folder, 'index.json'), JSON.stringify({ ...index, manifests }));
    const archive = join(folder, 'image.tar');
    await execa('tar', ['-cf', archive, '-C', folder, 'index.json', '-C', layout, 'oci-layout', 'blobs']);
    await execa('kind', ['load', 'image-archive', archive, '--name', kindCluster]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
