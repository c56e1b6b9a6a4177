import { BadRequestException, type ValidationError } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

const NAME_SHOWN = 64;

/** What a caller got wrong, by the names of the request: each fault says what would be right. */
export function invalidInput(errors: readonly ValidationError[]): BadRequestException {
  const faults = errors.flatMap((error) =>
    error.constraints && 'whitelistValidation' in error.constraints
      ? [unknownName(error)]
      : Object.values(error.constraints ?? {}),
  );
  // Two checks of one field may end in the same sentence.
  return new BadRequestException([...new Set(faults)]);
}

function unknownName({ property, target }: ValidationError): string {
  return `"${property.slice(0, NAME_SHOWN)}" is not known here: there are ${knownNames(target).join(', ')}`;
}

function knownNames(target: object | undefined): string[] {
  if (!target) return [];
  const checks = getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false);
  return [...new Set(checks.map(({ propertyName }) => propertyName))];
}
