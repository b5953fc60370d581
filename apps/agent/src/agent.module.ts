import { ConfigModule, type EngineConfig } from '@nexos/config';
import { Engine, LocalEngineModule } from '@nexos/engine';
import { Health, HealthServerModule, ObservabilityModule } from '@nexos/observability';
import { Module, type DynamicModule } from '@nestjs/common';
import { ApiReporter } from './reports/api-reporter.js';
import { ContainerTracker } from './tracker/container-tracker.js';
import { EngineWatch } from './tracker/engine-watch.js';

interface Config extends Record<string, object> {
  engine: EngineConfig;
}

@Module({})
export class AgentModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AgentModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule,
        HealthServerModule,
        LocalEngineModule.forRoot(config.engine),
      ],
      providers: [ApiReporter, ContainerTracker, EngineWatch],
    };
  }

  constructor(health: Health, engine: Engine) {
    health.register('engine', () => engine.ping());
  }
}
