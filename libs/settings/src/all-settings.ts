import type { FileSetting, Setting } from './setting.js';
import { SETTINGS } from './settings-table.js';

type Named<One> = readonly [name: string, setting: One];

/** Every setting of a project. */
export const PROJECT_SETTINGS: readonly Named<Setting>[] = Object.entries<Setting>(SETTINGS);
/** Settings that `nexos.yaml` can have. */
export const FILE_SETTINGS = PROJECT_SETTINGS.filter(
  (one): one is Named<FileSetting> => one[1].file !== undefined,
);
/** Settings that each deployment keeps a copy of. */
export const DEPLOYMENT_SETTINGS = PROJECT_SETTINGS.filter(([, setting]) => !('column' in setting));
