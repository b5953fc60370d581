import { loadConfigOrExit } from '@nexos/config';
import { createLogger, NestLogger, stopOnSignal } from '@nexos/observability';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AGENT_CONFIG } from './agent.config.js';
import { AgentModule } from './agent.module.js';

const config = loadConfigOrExit(AGENT_CONFIG);
const logger = new NestLogger(createLogger('agent', config.observability));

const app = await NestFactory.createApplicationContext(AgentModule.forRoot(config), { logger });
stopOnSignal(app, logger);
logger.log('agent started');
