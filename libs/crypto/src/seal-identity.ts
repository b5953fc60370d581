/**
 * What each sealed value belongs to: the additional data that it is sealed with, and that has to be told again to
 * open it.
 */
export const sealIdentity = {
  envVar: (id: string) => `env_vars/${id}`,
  idempotencyKey: (accountId: string, key: string) => `idempotency_keys/${accountId}/${key}`,
  projectService: (projectId: string, kind: string) => `project_services/${projectId}/${kind}`,
  environmentService: (environmentId: string, kind: string) =>
    `environment_services/${environmentId}/${kind}`,
  joinToken: () => 'swarm_entrance',
} as const;
