import { loadConfigOrExit } from '@nexos/config';
import { createDataSource, migrate } from '@nexos/database';
import { createLogger, NestLogger, stopOnSignal } from '@nexos/observability';
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { API_CONFIG } from './api.config.js';
import { ApiModule } from './api.module.js';
import { BODY_LIMIT } from './http/body-parser.js';
import { DrainingAdapter } from './http/draining-adapter.js';
import { requestIdOf } from './http/request-id.js';
import { setUpHttp } from './http/set-up-http.js';
import { setUpOpenApi } from './http/openapi/set-up-open-api.js';
import { answerUnroutable } from './http/problems/problem.filter.js';
import { answerExpectation } from './http/problems/unmet-expectation.js';
import { answerUnparsable } from './http/problems/unparsable.js';

const config = loadConfigOrExit(API_CONFIG);
const logger = new NestLogger(createLogger('api', config.observability));

const migrations = await createDataSource(config.database).initialize();
for (const name of await migrate(migrations)) logger.log(`ran the migration ${name}`);
await migrations.destroy();

const app = await NestFactory.create<NestFastifyApplication>(
  ApiModule.forRoot(config),
  new DrainingAdapter({
    genReqId: requestIdOf,
    bodyLimit: BODY_LIMIT,
    requestTimeout: 120_000,
    // Checked by a hook, which responds with a problem.
    http: { requireHostHeader: false },
    frameworkErrors: answerUnroutable,
    clientErrorHandler: answerUnparsable,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    trustProxy: config.http.trustedProxies.length > 0 && [...config.http.trustedProxies],
  }),
  { logger, bodyParser: false, forceCloseConnections: true },
);
await setUpHttp(app, config.signIn);
app.getHttpServer().on('checkExpectation', answerExpectation);
app.setGlobalPrefix('api', {
  exclude: ['health/live', 'health/ready', 'metrics', 'ops/queues', 'ops/queues/*path'],
});
setUpOpenApi(app);
stopOnSignal(app, logger);
await app.listen(config.http.port, config.http.host);
logger.log(`listening on ${await app.getUrl()}`);
