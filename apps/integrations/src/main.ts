import { loadConfigOrExit } from '@nexos/config';
import { createDataSource, waitForSchema } from '@nexos/database';
import { createLogger, NestLogger, stopOnSignal } from '@nexos/observability';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { INTEGRATIONS_CONFIG } from './integrations.config.js';
import { IntegrationsModule } from './integrations.module.js';

const config = loadConfigOrExit(INTEGRATIONS_CONFIG);
const logger = new NestLogger(createLogger('integrations', config.observability));

const dataSource = await createDataSource(config.database).initialize();
await waitForSchema(dataSource, () => logger.log('waiting for the database schema'));
await dataSource.destroy();

const app = await NestFactory.createApplicationContext(IntegrationsModule.forRoot(config), { logger });
stopOnSignal(app, logger);
logger.log('integrations worker started');
