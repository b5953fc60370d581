export { BuildLogModule } from './build-log.module.js';
export { BuildLog } from './build-log.js';
export { logChannel } from './log-keys.js';
export { LogReader, LogUnavailableError } from './log-reader.js';
export { LogWatch } from './log-watch.js';
export { LogWriter } from './log-writer.js';
export { Redactor } from './redactor.js';
