import { Module } from '@nestjs/common';
import { RepositoryConfigController } from './repository-config.controller.js';

@Module({ controllers: [RepositoryConfigController] })
export class RepositoryConfigModule {}
