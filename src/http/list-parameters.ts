import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';
import { rfc3339Ms } from '../tools/time-input';

/*
 * The parameters that lists are asked by. No parameter has an example: Swagger UI would fill it in, and ask for it.
 * One that is repeated is an array here, and refused like any other value.
 */

export const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** A Postgres text holds no NUL: a filter with one is refused here, not by the database. */
const TEXT = /^[^\u0000]+$/;

export function TextParameter(name: string, description: string): PropertyDecorator {
  const message = `${name} is given once, a text that is not empty`;
  return applyDecorators(
    ApiPropertyOptional({ description }),
    IsOptional(),
    IsString({ message }),
    Matches(TEXT, { message }),
  );
}

export function ChoiceParameter(name: string, choices: readonly string[]): PropertyDecorator {
  const message = `${name} is given once, one of ${choices.join(', ')}`;
  return applyDecorators(ApiPropertyOptional({ enum: choices }), IsOptional(), IsIn(choices, { message }));
}

export function TimeParameter(name: string, description: string): PropertyDecorator {
  const message = `${name} is given once, an RFC 3339 time such as 2026-11-23T19:00:00Z (in a URL the "+" of an offset is %2B)`;
  return applyDecorators(
    ApiPropertyOptional({ type: String, format: 'date-time', description }),
    IsOptional(),
    Transform(readTime),
    IsDate({ message }),
  );
}

export function LimitParameter(): PropertyDecorator {
  const message = `limit is given once, a whole number from 1 to ${MAX_LIMIT}`;
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT }),
    Transform(readLimit),
    IsInt({ message }),
    Min(1, { message }),
    Max(MAX_LIMIT, { message }),
  );
}

export function CursorParameter(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ description: '`next_cursor` of the answer before, with the same filters' }),
    IsOptional(),
    IsString({ message: 'cursor is given once, as next_cursor of the answer before had it' }),
  );
}

function readLimit({ value }: { value: unknown }): unknown {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

function readTime({ value }: { value: unknown }): unknown {
  const ms = typeof value === 'string' ? rfc3339Ms(value) : undefined;
  return ms === undefined ? value : new Date(ms);
}
