import { Controller, Delete, Get, Post } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { RouteWrites } from '../../../apps/api/src/audit/route-writes.js';
import { Writes, WritesNothing } from '../../../apps/api/src/audit/writes.decorator.js';
import { bootWith } from '../../support/boot-with.js';

const boot = (...controllers: (new () => object)[]) => bootWith(RouteWrites, ...controllers);

@Controller('declared')
@WritesNothing()
class DeclaredController {
  @Get()
  read(): string {
    return '';
  }

  @Post()
  @Writes('project.create')
  create(): string {
    return this.notARoute();
  }

  notARoute(): string {
    return '';
  }
}

@Controller('silent')
class SilentController {
  @Get()
  read(): string {
    return '';
  }
}

@Controller('reading')
@WritesNothing()
class ReadingController {
  @Delete()
  remove(): string {
    return '';
  }
}

@Controller('denying')
class DenyingController {
  @Post()
  @WritesNothing()
  create(): string {
    return '';
  }
}

describe('RouteWrites', () => {
  it('accepts routes that declare what they write, or that they write nothing', async () => {
    expect(await boot(DeclaredController)).toBe('booted');
  });

  it('stops the boot of an API with an undeclared route, and names the route', async () => {
    expect(await boot(DeclaredController, SilentController)).toContain('SilentController.read');
  });

  it('does not accept that a route with an unsafe method writes nothing', async () => {
    expect(await boot(ReadingController)).toContain('ReadingController.remove');
    expect(await boot(DenyingController)).toContain('DenyingController.create');
  });
});
