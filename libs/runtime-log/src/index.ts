export { RUNTIME_LOG_HISTORY, RuntimeLog, type Followed, type RuntimeLogState } from './runtime-log.js';
export { RuntimeLogModule } from './runtime-log.module.js';
