import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { Module } from '@nestjs/common';
import { AgentReportsServer } from './agent-reports.server.js';

@Module({ imports: [CryptoModule, StateModule], providers: [AgentReportsServer] })
export class AgentReportsModule {}
