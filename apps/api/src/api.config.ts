import {
  DatabaseConfig,
  DatabaseTimeoutConfig,
  EncryptionConfig,
  GithubConfig,
  HttpConfig,
  IngressConfig,
  LimitsConfig,
  ObservabilityConfig,
  RedisConfig,
  ServicesConfig,
  SignInConfig,
  WorkerConfig,
} from '@nexos/config';

/** Configuration that the API reads from environment variables. */
export const API_CONFIG = {
  http: HttpConfig,
  database: DatabaseConfig,
  databaseTimeout: DatabaseTimeoutConfig,
  redis: RedisConfig,
  github: GithubConfig,
  signIn: SignInConfig,
  encryption: EncryptionConfig,
  ingress: IngressConfig,
  limits: LimitsConfig,
  services: ServicesConfig,
  worker: WorkerConfig,
  observability: ObservabilityConfig,
};
