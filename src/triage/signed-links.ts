import { Injectable } from '@nestjs/common';
import { PublicUrl } from '../config/public-url';
import { ApiConfig } from '../config/slices';
import { Clock } from '../domain/clock';
import { checkLink, signLink } from './page/signed-link';
import { LinkKey } from './ports/link-key';

const DAY_MS = 86_400_000;

/** Links to triages that open without a token: the signature is the permission, until it expires. */
@Injectable()
export class SignedLinks {
  constructor(
    private readonly keys: LinkKey,
    private readonly url: PublicUrl,
    private readonly config: ApiConfig,
    private readonly clock: Clock,
  ) {}

  async linkTo(triageId: string): Promise<string> {
    const expiresAt = new Date(this.clock.now().getTime() + this.config.linkTtlDays * DAY_MS);
    return signLink({ baseUrl: this.url.base, triageId, expiresAt, key: await this.keys.key() });
  }

  /** `e` and `k` are whatever the query held. */
  async check(triageId: string, e: unknown, k: unknown): Promise<'good' | 'expired' | 'forged'> {
    return checkLink({ triageId, e, k, key: await this.keys.key(), now: this.clock.now() });
  }
}
