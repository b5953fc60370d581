import { loadConfigOrExit } from '@nexos/config';
import { createDataSource, waitForSchema } from '@nexos/database';
import { createLogger, NestLogger, stopOnSignal } from '@nexos/observability';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { LIFECYCLE_CONFIG } from './lifecycle.config.js';
import { LifecycleModule } from './lifecycle.module.js';

const config = loadConfigOrExit(LIFECYCLE_CONFIG);
const logger = new NestLogger(createLogger('lifecycle', config.observability));

const { armedPoint } = config.fault;
if (armedPoint !== undefined) logger.warn(`this process will kill itself at fault point ${armedPoint}`);

const dataSource = await createDataSource(config.database).initialize();
await waitForSchema(dataSource, () => logger.log('waiting for the database schema'));
await dataSource.destroy();

const app = await NestFactory.createApplicationContext(LifecycleModule.forRoot(config), { logger });
stopOnSignal(app, logger);
logger.log('lifecycle worker started');
