/**
 * The identity of each kind of sealed value: the additional data of its encryption, which decryption needs too.
 */
export const sealIdentity = {
  envVar: (id: string) => `env_vars/${id}`,
  webhook: (id: string) => `webhooks/${id}`,
  webhookSecret: (id: string) => `webhook_secrets/${id}`,
  registry: (id: string) => `registries/${id}`,
  idempotencyKey: (accountId: string, key: string) => `idempotency_keys/${accountId}/${key}`,
  projectService: (projectId: string, kind: string) => `project_services/${projectId}/${kind}`,
  environmentService: (environmentId: string, kind: string) =>
    `environment_services/${environmentId}/${kind}`,
  containerOutput: (containerId: string) => `container_runs/${containerId}`,
  githubApp: (appId: string) => `github_app/${appId}`,
  joinToken: () => 'swarm_entrance',
} as const;
