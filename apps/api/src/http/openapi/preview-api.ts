import { loadConfig } from '@nexos/config';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { API_CONFIG } from '../../api.config.js';
import { ApiModule } from '../../api.module.js';
import { openApiDocument } from './openapi-document.js';

/** What the configuration asks for; nothing is connected to and nothing is encrypted. */
const NOWHERE = {
  DATABASE_URL: 'postgres://nowhere',
  REDIS_URL: 'redis://nowhere',
  ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
};

/** An API that does not run: its modules and controllers alone, of which nothing is made. */
export function previewApi(): Promise<NestFastifyApplication> {
  return NestFactory.create<NestFastifyApplication>(
    ApiModule.forRoot(loadConfig(API_CONFIG, NOWHERE)),
    new FastifyAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
}

/** The OpenAPI document without an API that runs. */
export async function previewOpenApiDocument(): Promise<OpenAPIObject> {
  return openApiDocument(await previewApi());
}
