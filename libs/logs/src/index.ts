export { BuildLogModule } from './build/build-log.module.js';
export { BuildLog } from './build/build-log.js';
export { LogUnavailableError, type LogView } from './build/log-reader.js';
export type { LogChunk } from './build/log-chunks.js';
export { linesMessage } from './build/log-keys.js';
export { LogWatch } from './build/log-watch.js';
export { LogWriter } from './build/log-writer.js';
export { SharedReads } from './build/shared-reads.js';
export { Redactor } from './build/redactor.js';
export { lastLines, OutputArchive } from './runtime/output-archive.js';
export { RuntimeLogModule } from './runtime/runtime-log.module.js';
export {
  RuntimeLog,
  type RuntimeLogState,
  RUNTIME_LOG_HISTORY,
  type LogSubject,
} from './runtime/runtime-log.js';
