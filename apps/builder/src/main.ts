import { loadConfigOrExit } from '@nexos/config';
import { createDataSource, waitForSchema } from '@nexos/database';
import { createLogger, NestLogger, stopOnSignal } from '@nexos/observability';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { BUILDER_CONFIG } from './builder.config.js';
import { BuilderModule } from './builder.module.js';

const config = loadConfigOrExit(BUILDER_CONFIG);
const logger = new NestLogger(createLogger('builder', config.observability));

const dataSource = await createDataSource(config.database).initialize();
await waitForSchema(dataSource, () => logger.log('waiting for the database schema'));
await dataSource.destroy();

const app = await NestFactory.createApplicationContext(BuilderModule.forRoot(config), { logger });
stopOnSignal(app, logger);
logger.log('builder started');
