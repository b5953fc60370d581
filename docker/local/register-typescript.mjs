// @ts-check
import { join } from 'node:path';
import { root } from './home.mjs';

/** Lets what is imported from here on be TypeScript, our libraries by their names included. Needs the node modules. */
export async function registerTypescript() {
  process.env['TSX_TSCONFIG_PATH'] = join(root, 'test/tsconfig.json');
  const { register } = await import('tsx/esm/api');
  register();
}
