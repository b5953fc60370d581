import {
  DatabaseConfig,
  EncryptionConfig,
  GithubConfig,
  HttpConfig,
  IngressConfig,
  ObservabilityConfig,
  RedisConfig,
  SignInConfig,
  WorkerConfig,
} from '@nexos/config';

/** What the API reads from its environment variables. */
export const API_CONFIG = {
  http: HttpConfig,
  database: DatabaseConfig,
  redis: RedisConfig,
  github: GithubConfig,
  signIn: SignInConfig,
  encryption: EncryptionConfig,
  ingress: IngressConfig,
  worker: WorkerConfig,
  observability: ObservabilityConfig,
};
