export { HandlesJob, type JobHandler } from './job-handler.decorator.js';
export { JobQueues } from './job-queues.js';
export { QueueModule, WorkerModule } from './queue.module.js';
export { FAST_REDIS, LOG_SUBSCRIBER } from './redis.tokens.js';
export { PeriodicTask } from './periodic-task.js';
export { PeriodicTimer } from './periodic-timer.js';
