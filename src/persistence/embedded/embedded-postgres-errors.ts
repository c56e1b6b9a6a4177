import { VigilError } from '../../domain/errors';

/** The bundled Postgres cannot be used here as things are; the message says why and what the operator can do. */
export class EmbeddedPostgresUnusable extends VigilError {}

/** Another living process owns the data directory. */
export class DataDirInUse extends VigilError {
  constructor(dataDir: string) {
    super(
      'database.data_dir_in_use',
      `another Vigil is using the data directory ${dataDir}: stop it, or give this one its own with --data-dir`,
    );
  }
}

/** The system's word for what went wrong (`EACCES`), where the error has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
