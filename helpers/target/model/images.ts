import type { ImageLocations } from '../placeholders.ts';
import type { ModelVersion } from './versions.ts';

/** Whether `image` names a repository together with a tag or a digest. A port in the host's name is no tag. */
export function isReference(image: string): boolean {
  return (
    /^[a-z0-9][\w.:/-]*(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][\w.-]{0,127})$/.test(image) && !/:\d+\/[^:@]*$/.test(image)
  );
}

/**
 * The reference of a version's image: where the image that it names was pushed to, else the reference that it is.
 * @param images where the images of the target are.
 */
export function referenceOf({ image }: Pick<ModelVersion, 'image'>, images: ImageLocations): string {
  const pushed = images[image];
  return pushed === undefined ? image : `${pushed.repository}:${pushed.tag}`;
}
