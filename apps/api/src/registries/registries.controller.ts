import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Writes, WritesNothing } from '../audit/writes.decorator.js';
import { Authenticated } from '../auth/access.decorator.js';
import { AccountId } from '../auth/account-id.decorator.js';
import { Operation } from '../http/openapi/operation.decorator.js';
import { finishPage, PageOf } from '../http/page.js';
import { PutRegistryDto } from './dto/put-registry.dto.js';
import { RegistriesService } from './registries.service.js';
import { RegistryResponse, toRegistryResponse } from './registry.response.js';

class RegistriesPage extends PageOf('registry') {}

@Controller('projects/:id/registries')
@Authenticated('read')
@WritesNothing()
export class RegistriesController {
  constructor(private readonly registries: RegistriesService) {}

  @Get()
  @Operation({
    summary: 'List credentials for registries (masked passwords)',
    response: RegistryResponse,
    isArray: true,
    paged: true,
  })
  async list(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Query() query: RegistriesPage,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegistryResponse[]> {
    const rows = await this.registries.list(accountId, id, query);
    return finishPage(rows, query, request, reply).map(toRegistryResponse);
  }

  @Put()
  @Authenticated('write')
  @Writes('registry.put')
  @Operation({
    summary: 'Create or update the credentials for a registry',
    description:
      'Builds of the project pull images from that registry with them, and with the ones of the operator elsewhere. They apply from the next build on.',
    response: RegistryResponse,
    errors: ['conflict'],
  })
  async put(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Body() body: PutRegistryDto,
  ): Promise<RegistryResponse> {
    return toRegistryResponse(await this.registries.put(accountId, id, body));
  }

  @Delete(':registryId')
  @Authenticated('write')
  @Writes('registry.delete')
  @HttpCode(204)
  @Operation({
    summary: 'Delete the credentials for a registry',
    success: 'The credentials are deleted.',
    errors: ['conflict'],
  })
  delete(
    @AccountId() accountId: string,
    @Param('id') id: string,
    @Param('registryId') registryId: string,
  ): Promise<void> {
    return this.registries.delete(accountId, id, registryId);
  }
}
