import type { DeploymentSpec } from './deployment-spec.js';
import type { RepositoryConfig } from '../settings/repository-config.js';

/**
 * What a deployment is built and run with, given what its commit says: the commit wins, field by field and variable by
 * variable. Merging the same commit again changes nothing.
 */
export function mergeSpec(spec: DeploymentSpec, config: RepositoryConfig): DeploymentSpec {
  const { build = {}, app = {}, services = {}, env = {}, hooks = {} } = config;
  return {
    ...spec,
    dockerfile: build.dockerfile ?? spec.dockerfile,
    build_context: build.context ?? spec.build_context,
    build_args: { ...spec.build_args, ...build.args },
    port: app.port ?? spec.port,
    health_check_path: app.health_check_path ?? spec.health_check_path,
    cpu: app.cpu ?? spec.cpu,
    memory_mb: app.memory_mb ?? spec.memory_mb,
    services: { ...spec.services, ...services },
    env: { ...spec.env, ...env },
    hooks: { ...spec.hooks, ...hooks },
  };
}

/** Which fields a commit's file gives, by name and never with their values. */
export interface GivenFields {
  /** Those that win over a setting of the project, such as `app.port`. */
  readonly overSettings: readonly string[];
  /** Those that a project has no setting for; of variables their number. */
  readonly further: readonly string[];
}

export function givenFields({ build, app, services, env, hooks }: RepositoryConfig): GivenFields {
  const { args, ...paths } = build ?? {};
  return {
    overSettings: [...named('build', paths), ...named('app', app), ...named('services', services)],
    further: [...counted('build.args', args), ...counted('env', env), ...named('hooks', hooks)],
  };
}

function named(section: string, fields: object = {}): string[] {
  return Object.keys(fields).map((field) => `${section}.${field}`);
}

function counted(section: string, variables: object = {}): string[] {
  const { length } = Object.keys(variables);
  return length === 0 ? [] : [`${section} (${length})`];
}
