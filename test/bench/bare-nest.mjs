// @ts-check
// The memory bench's baseline: a Nest process with the connections of every Nexos app and nothing else.
import 'reflect-metadata';
import http from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queue } from 'bullmq';
import pg from 'pg';
import { DataSource } from 'typeorm';

const { DATABASE_URL, REDIS_URL = '', PORT } = process.env;

class BareModule {}
Module({})(BareModule);

await NestFactory.createApplicationContext(BareModule, { logger: false });
const dataSource = await new DataSource({
  type: 'postgres',
  url: DATABASE_URL ?? '',
  driver: pg,
}).initialize();
const queue = new Queue('bare', { connection: { url: REDIS_URL } });
await queue.waitUntilReady();
const server = http.createServer((_request, response) => response.end()).listen(Number(PORT), '127.0.0.1');

process.once('SIGTERM', () => {
  server.close();
  void Promise.all([queue.close(), dataSource.destroy()]).then(() => process.exit(0));
});
