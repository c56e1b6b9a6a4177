import type { ValueTransformer } from 'typeorm';

/** pg gives bigint and numeric as text, because they may not fit a double; what Vigil counts fits. */
export const numeric: ValueTransformer = {
  from: (value: string | null) => (value === null ? null : Number(value)),
  to: (value: number | null) => value,
};
