/** What each kind of sealed value belongs to: the additional data that it is sealed with. */
export const sealIdentity = {
  envVar: (id: string) => `env_vars/${id}`,
  idempotencyKey: (accountId: string, key: string) => `idempotency_keys/${accountId}/${key}`,
  swarmEntrance: () => 'swarm_entrance',
};
