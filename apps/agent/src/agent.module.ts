import { ConfigModule, type EngineConfig, type IngressConfig } from '@nexos/config';
import { Engine, LocalEngineModule } from '@nexos/engine';
import { IngressModule } from '@nexos/ingress';
import { Health, HealthServerModule, ObservabilityModule } from '@nexos/observability';
import { Module, type DynamicModule } from '@nestjs/common';
import { AddressPublisher } from './addresses/address-publisher.js';
import { BridgeConnector } from './bridges/bridge-connector.js';
import { BridgePools } from './bridges/bridge-pools.js';
import { CommandProblems } from './commands/command-problems.js';
import { ListenerWatch } from './listeners/listener-watch.js';
import { ApiReporter } from './reports/api-reporter.js';
import { ContainerTracker } from './tracker/container-tracker.js';
import { EngineWatch } from './tracker/engine-watch.js';

interface Config extends Record<string, object> {
  engine: EngineConfig;
  ingress: IngressConfig;
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
        IngressModule.forRoot(config.ingress),
      ],
      providers: [
        AddressPublisher,
        ApiReporter,
        BridgeConnector,
        BridgePools,
        CommandProblems,
        ContainerTracker,
        EngineWatch,
        ListenerWatch,
      ],
    };
  }

  constructor(health: Health, engine: Engine) {
    health.register('engine', () => engine.ping());
  }
}
