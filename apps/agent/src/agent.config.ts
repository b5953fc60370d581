import { EngineConfig, IngressConfig, ObservabilityConfig } from '@nexos/config';

/** Configuration that an agent reads from environment variables. */
export const AGENT_CONFIG = {
  engine: EngineConfig,
  ingress: IngressConfig,
  observability: ObservabilityConfig,
};
