import { CHANGE_KINDS, type ChangeKind } from '../domain/change';
import {
  ChoiceParameter,
  CursorParameter,
  DEFAULT_LIMIT,
  LimitParameter,
  TextParameter,
  TimeParameter,
} from '../http/list-parameters';
import type { ChangeFilter } from './ports/change-ledger';

/** What `GET /api/v1/changes` can be asked. */
export class ChangeListQuery {
  @TextParameter('service', 'The service, whole. Changes without a service are listed with it')
  service?: string;

  @ChoiceParameter('kind', CHANGE_KINDS)
  kind?: ChangeKind;

  @TextParameter(
    'revision',
    'The revision, or one of the `commits` of a deploy; of a hash the first seven digits or more',
  )
  revision?: string;

  @TimeParameter('since', 'RFC 3339, to the millisecond: `at` is this moment or later')
  since?: Date;

  @TimeParameter('until', 'RFC 3339, to the millisecond, exclusive: `at` lies before this moment')
  until?: Date;

  @LimitParameter()
  limit: number = DEFAULT_LIMIT;

  @CursorParameter()
  cursor?: string;
}

export function filterOf({ service, kind, revision, since, until }: ChangeListQuery): ChangeFilter {
  return { service, kind, revision, since, until };
}
