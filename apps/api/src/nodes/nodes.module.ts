import { CryptoModule } from '@nexos/crypto';
import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { NodesController } from './nodes.controller.js';
import { NodesService } from './nodes.service.js';

@Module({
  imports: [DatabaseModule, CryptoModule],
  controllers: [NodesController],
  providers: [NodesService],
})
export class NodesModule {}
