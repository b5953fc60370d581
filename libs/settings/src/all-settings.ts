import type { FileSetting, ProjectSetting, Setting } from './setting.js';
import { SETTINGS } from './settings-table.js';

type Named<One> = readonly [name: string, setting: One];

const ALL: readonly Named<Setting>[] = Object.entries<Setting>(SETTINGS);

/** Settings that a project can have. */
export const PROJECT_SETTINGS = ALL.filter((one): one is Named<ProjectSetting> => one[1].project === true);
/** Settings that `nexos.yaml` can have. */
export const FILE_SETTINGS = ALL.filter((one): one is Named<FileSetting> => one[1].file !== undefined);
/** Settings that each deployment keeps a copy of. */
export const DEPLOYMENT_SETTINGS = ALL.filter(([, setting]) => !('column' in setting));
