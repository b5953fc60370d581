import type { AuditAction } from '@nexos/domain';
import { DiscoveryService } from '@nestjs/core';

/** The actions that a route writes to the audit log. The API does not start with a route that lacks it. */
export const WritesMetadata = DiscoveryService.createDecorator<readonly AuditAction[]>();

/** Declares the actions of a route that changes state. Each request that changes something writes at least one. */
export const Writes = (first: AuditAction, ...more: AuditAction[]) => WritesMetadata([first, ...more]);

/** Declares that a route, or all routes of a controller that only read, changes nothing. */
export const WritesNothing = () => WritesMetadata([]);
