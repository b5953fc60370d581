import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { NodesController } from './nodes.controller.js';
import { NodesService } from './nodes.service.js';

@Module({
  imports: [StateModule, CryptoModule],
  controllers: [NodesController],
  providers: [NodesService],
})
export class NodesModule {}
