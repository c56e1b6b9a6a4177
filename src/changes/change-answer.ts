import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Change, CHANGE_KINDS, type ChangeKind } from '../domain/change';

/** What may be posted of a change. Fields that are not named here are tolerated. */
export class ChangeBody {
  @ApiPropertyOptional({
    maxLength: 100,
    description: 'Who says so: `github`, `argocd`. Together with `id` it names the change; absent in a post: `api`',
  })
  source?: string;

  @ApiPropertyOptional({
    maxLength: 400,
    description: 'Absent in a post: a digest of what is posted, so that the same post again is the same change',
  })
  id?: string;

  @ApiProperty({ enum: CHANGE_KINDS })
  kind!: ChangeKind;

  @ApiProperty({ format: 'date-time', description: 'RFC 3339, to the millisecond: when it took effect' })
  at!: string;

  @ApiProperty({ description: 'One sentence; 1,000 characters are kept' })
  title!: string;

  @ApiPropertyOptional({ description: 'Absent: it belongs to none, as a commit in code that is shared' })
  service?: string;

  @ApiPropertyOptional()
  environment?: string;

  @ApiPropertyOptional()
  author?: string;

  @ApiPropertyOptional({ description: 'What runs now: a commit, a release' })
  revision?: string;

  @ApiPropertyOptional({ description: 'What ran before it: what a rollback goes back to' })
  previous_revision?: string;

  @ApiPropertyOptional({ type: [String], description: 'The revisions that a deploy brings; the first 1,000 are kept' })
  commits?: readonly string[];

  @ApiPropertyOptional()
  version?: string;

  @ApiPropertyOptional({ type: [String], description: 'Paths; the first 1,000 are kept' })
  files?: readonly string[];

  @ApiPropertyOptional({ description: 'Text, or a unified diff. 64 KiB are kept, and a text that was cut says so' })
  details?: string;

  @ApiPropertyOptional({ description: 'Where a person reads more: http or https' })
  url?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, description: 'At most 64' })
  labels?: Readonly<Record<string, string>>;
}

/** A change as it is stored. */
export class ChangeAnswer extends ChangeBody {
  @ApiProperty({ description: 'Who says so. Together with `id` it names the change' })
  declare source: string;

  @ApiProperty()
  declare id: string;
}

/** What a sender hears. */
export class RecordedAnswer {
  @ApiProperty({ type: [ChangeAnswer], description: 'What was stored, in the order of the body' })
  changes!: readonly ChangeAnswer[];
}

/** A part of the list of changes. */
export class ChangeListAnswer {
  @ApiProperty({ type: [ChangeAnswer] })
  changes!: readonly ChangeAnswer[];

  @ApiProperty({ type: String, nullable: true, description: 'For the parameter `cursor`; null: nothing comes after' })
  next_cursor!: string | null;
}

export function changeView(change: Change): ChangeAnswer {
  const { source, id, kind, title, service, environment, author, revision, version, details, url } = change;
  return {
    source,
    id,
    kind,
    at: change.at.toISOString(),
    title,
    service,
    environment,
    author,
    revision,
    previous_revision: change.previousRevision,
    commits: change.commits.length > 0 ? change.commits : undefined,
    version,
    files: change.files.length > 0 ? change.files : undefined,
    details,
    url,
    labels: Object.keys(change.labels).length > 0 ? change.labels : undefined,
  };
}
