import { DiscoveryService } from '@nestjs/core';

/** Whether a route that no project's id is in the path of accepts keys that are limited to projects. */
export const ProjectKeysMetadata = DiscoveryService.createDecorator<boolean>();

/** Accepts keys that are limited to projects. The route itself must show them nothing of other projects. */
export const AcceptsProjectKeys = () => ProjectKeysMetadata(true);
