import { DeploymentFailure } from '@nexos/domain';

/** A container of several did not come up; the message names it. */
export class ContainerFailure extends DeploymentFailure {
  constructor(
    readonly container: string,
    { code, message }: DeploymentFailure,
  ) {
    super(code, `${container}: ${message}`);
  }
}
