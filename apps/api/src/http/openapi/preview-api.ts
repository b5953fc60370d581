import { loadConfig } from '@nexos/config';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { API_CONFIG } from '../../api.config.js';
import { ApiModule } from '../../api.module.js';
import { openApiDocument } from './openapi-document.js';

/** Placeholders for required configuration; nothing is connected to and nothing is encrypted. */
const NOWHERE = {
  DATABASE_URL: 'postgres://nowhere',
  REDIS_URL: 'redis://nowhere',
  ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};

/** Creates an API that does not run: only its modules and controllers, without instances. */
export function previewApi(): Promise<NestFastifyApplication> {
  return NestFactory.create<NestFastifyApplication>(
    ApiModule.forRoot(loadConfig(API_CONFIG, NOWHERE)),
    new FastifyAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
}

/** Generates the OpenAPI document without running the API. */
export async function previewOpenApiDocument(): Promise<OpenAPIObject> {
  return openApiDocument(await previewApi());
}
