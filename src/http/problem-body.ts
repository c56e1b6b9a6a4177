import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** RFC 9457, 3: the members of an answer, and two of our own. */
export class ProblemBody {
  @ApiProperty({ enum: ['about:blank'], description: 'The status says what kind of problem it is' })
  type!: 'about:blank';

  @ApiProperty({ description: "The status in HTTP's words" })
  title!: string;

  @ApiProperty({ type: 'integer' })
  status!: number;

  @ApiProperty({ description: 'What happened and what to do, for a person' })
  detail!: string;

  @ApiProperty({ description: 'Stable, for a program: what a client tests for' })
  code!: string;

  @ApiProperty({ description: 'Also in the header `x-request-id`, and in the log' })
  request_id!: string;

  @ApiPropertyOptional({ type: [String], description: 'One entry for each fault of the request' })
  errors?: readonly string[];
}
