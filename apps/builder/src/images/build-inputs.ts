import { IngressConfig } from '@nexos/config';
import {
  declaredArguments,
  DeploymentFailure,
  expandVariables,
  isForkBranch,
  isReservedVariable,
  reachableVariables,
  type RegistryLogin,
  referenceProblem,
} from '@nexos/domain';
import { type RegistryCredentials } from '@nexos/engine';
import { RegistryLogins } from '@nexos/env-vars';
import { environmentUrl } from '@nexos/ingress';
import { type DeploymentSettings } from '@nexos/settings';
import { EnvironmentsRepository } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from '../builds/build-task.js';

type Values = Readonly<Record<string, string>>;

/** What a build gets beside its context. */
export interface BuildInputs {
  readonly secrets: Values;
  /** The build arguments of a Dockerfile. Those of Nexos only if it declares them, so that no other cache depends on them. */
  readonly buildArgs: (dockerfile: string) => Values;
  readonly credentials: RegistryCredentials;
}

/** Collects the secrets, arguments and credentials of a build. */
@Injectable()
export class BuildInputsReader {
  constructor(
    private readonly environments: EnvironmentsRepository,
    private readonly logins: RegistryLogins,
    private readonly ingress: IngressConfig,
  ) {}

  /**
   * Reads the inputs, and makes the log redact them.
   *
   * @throws {DeploymentFailure} `variables_invalid`, when a variable for builds refers to one that only the app has;
   *   `secrets_unreadable`
   */
  async read(
    { deployment, project, variables, log }: BuildTask,
    settings: DeploymentSettings,
    sha: string,
  ): Promise<BuildInputs> {
    const { branch, environmentId } = deployment;
    const [{ hostname }, credentials] = await Promise.all([
      this.environments.get(environmentId),
      isForkBranch(branch) ? new Map<string, RegistryLogin>() : this.logins.open(project.id),
    ]);
    const ofNexos = {
      NEXOS_ENVIRONMENT: environmentId,
      NEXOS_BRANCH: branch,
      NEXOS_COMMIT: sha,
      NEXOS_URL: environmentUrl(this.ingress, hostname),
    };
    const names = variables.namesForBuilds(branch);
    const given = Object.entries({ ...settings.env, ...variables.forBranch(branch) });
    const own = Object.fromEntries(given.filter(([name]) => !isReservedVariable(name)));
    const wanted = reachableVariables(own, [...names.secret, ...names.arg]);
    const injected = { ...ofNexos, PORT: String(settings.port) };
    assertForBuilds(wanted, injected);
    const expanded = expandVariables(wanted, injected);
    log.redactAlso([
      ...variables.expandedSecrets(branch, { ...ofNexos, ...expanded }),
      ...[...credentials.values()].map(({ password }) => password),
    ]);
    const args = { ...settings.build_args, ...pick(expanded, names.arg) };
    return {
      secrets: pick(expanded, names.secret),
      buildArgs: (dockerfile) => ({
        ...pick(ofNexos, declaredArguments(dockerfile, Object.keys(ofNexos))),
        ...args,
      }),
      credentials,
    };
  }
}

/** Other references were checked before: what is unknown here are variables of services. */
function assertForBuilds(wanted: Values, injected: Values): void {
  const problem = referenceProblem(wanted, (name) => Object.hasOwn(injected, name));
  if (problem === null) return;
  throw new DeploymentFailure(
    'variables_invalid',
    `The environment variable ${problem.variable}, which is for builds, ${problem.message} in builds: variables of services are only for the app. Correct it, then deploy again.`,
  );
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? '']));
}
