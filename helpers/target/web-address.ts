import { z } from 'zod';

/** An address of the web. Reports and histories show it: a password in it would be no secret any more. */
export const webAddress = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), 'must hold no user name and no password: reports show it');
