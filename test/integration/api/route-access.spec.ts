import { Controller, Get, Post } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { Authenticated, Public } from '../../../apps/api/src/auth/access.decorator.js';
import { RouteAccess } from '../../../apps/api/src/auth/route-access.js';
import { bootWith } from '../../support/boot-with.js';

const boot = (...controllers: (new () => object)[]) => bootWith(RouteAccess, ...controllers);

@Controller('closed')
@Authenticated('read')
class ClosedController {
  @Get()
  get(): string {
    return this.notARoute();
  }

  notARoute(): string {
    return '';
  }
}

@Controller('mixed')
class MixedController {
  @Get()
  @Public()
  declared(): string {
    return '';
  }

  @Post()
  forgotten(): string {
    return '';
  }
}

class BaseController {
  @Get('inherited')
  inherited(): string {
    return '';
  }
}

@Controller('child')
class ChildController extends BaseController {}

describe('RouteAccess', () => {
  it('stops the boot of an API with an undeclared route, and names the route', async () => {
    expect(await boot(ClosedController, MixedController)).toContain('MixedController.forgotten');
    expect(await boot(MixedController)).not.toContain('declared');
  });

  it('stops the boot for an inherited route as well', async () => {
    expect(await boot(ChildController)).toContain('ChildController.inherited');
  });

  it('accepts a route whose controller declares who may call it', async () => {
    expect(await boot(ClosedController)).toBe('booted');
  });
});
