import { loadConfigOrExit } from '@nexos/config';
import { createDataSource, waitForSchema } from '@nexos/database';
import { createLogger, NestLogger, stopOnSignal } from '@nexos/observability';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { QUOTA_CONFIG } from './quota.config.js';
import { QuotaWorkerModule } from './quota-worker.module.js';

const config = loadConfigOrExit(QUOTA_CONFIG);
const logger = new NestLogger(createLogger('quota', config.observability));

const dataSource = await createDataSource(config.database).initialize();
await waitForSchema(dataSource, () => logger.log('waiting for the database schema'));
await dataSource.destroy();

const app = await NestFactory.createApplicationContext(QuotaWorkerModule.forRoot(config), { logger });
stopOnSignal(app, logger);
logger.log('quota worker started');
