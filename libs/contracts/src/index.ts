export type { JobContext } from './job-context.js';
export {
  JOB_NAMES,
  type Job,
  type JobName,
  type JobOf,
  type JobPayload,
  type Jobs,
  type QueueName,
} from './jobs.js';
export {
  LOG_START,
  formatLogCursor,
  parseLogCursor,
  type LogCursor,
  type LogLine,
  type LogStream,
  type LogText,
} from './log-line.js';
export {
  RUNTIME_LOG_CURSOR,
  RUNTIME_LOG_START,
  compareRuntimeLogPlaces,
  formatRuntimeLogCursor,
  millisecondsOf,
  nanosecondsOf,
  parseRuntimeLogCursor,
  parseRuntimeLogName,
  placeAt,
  runtimeLogName,
  type LoggedContainer,
  type RuntimeLogCursor,
  type RuntimeLogLine,
  type RuntimeLogPlace,
} from './runtime-log-line.js';
export {
  AGENT_REPORTS_PATH,
  AGENT_REPORT_LIMITS,
  AGENT_SOCKET,
  type AgentReport,
  type ContainerEnd,
  type ContainerOutputLine,
  type ContainerRun,
} from './agent-report.js';
