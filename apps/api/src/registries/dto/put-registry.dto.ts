import {
  MAX_REGISTRY_PASSWORD,
  registryHostProblem,
  registryPasswordProblem,
  registryUserProblem,
} from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { Conforms } from '../../http/conforms.decorator.js';

/** The body of `PUT /projects/:id/registries`. */
export class PutRegistryDto {
  @ApiProperty({
    type: 'string',
    description: 'The registry: `host[:port]`. Docker Hub is `docker.io`.',
    example: 'ghcr.io',
    maxLength: 255,
  })
  @Conforms(registryHostProblem)
  host!: string;

  @ApiProperty({ type: 'string', example: 'acme-bot', maxLength: 255 })
  @Conforms(registryUserProblem)
  user!: string;

  @ApiProperty({
    type: 'string',
    description: 'The password, or a token with read access.',
    example: 'ghp_secret',
    maxLength: MAX_REGISTRY_PASSWORD,
  })
  @Conforms(registryPasswordProblem)
  password!: string;
}
