/** `number` is a whole number, `decimal` may have a fraction. */
export type SettingKind = 'number' | 'decimal' | 'switch' | 'text';

/** One row of the table of settings. */
export interface Setting {
  /** The field of `Settings`, in camel case. */
  readonly field: string;
  /** Without its dashes: `http-port`. */
  readonly flag: string;
  /** `VIGIL_HTTP_PORT`. */
  readonly variable: string;
  readonly kind: SettingKind;
  readonly options: SettingOptions;
}

export interface SettingOptions {
  /** One sentence for the help and the README, without the final stop. */
  readonly help: string;
  readonly default?: string | number | boolean;
  /** What the help says where the default is no fixed value. */
  readonly defaultText?: string;
  /** Told by the default where there is one: a number, a switch for true or false; all others take text. */
  readonly kind?: SettingKind;
  readonly required?: boolean;
  /** May also be given as a file (`VIGIL_<NAME>_FILE`), and is never shown. */
  readonly secret?: boolean;
}

const table: Setting[] = [];

/** Enters the field into the table of settings. */
export function Setting(options: SettingOptions): PropertyDecorator {
  return (_target, field) => {
    const flag = String(field).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    table.push({
      field: String(field),
      flag,
      variable: `VIGIL_${flag.replaceAll('-', '_').toUpperCase()}`,
      kind: options.kind ?? kindOf(options.default),
      options,
    });
  };
}

/** Every setting in the order of its declaration. Filled when `settings.ts` is loaded. */
export function registeredSettings(): readonly Setting[] {
  return table;
}

function kindOf(defaultValue: SettingOptions['default']): SettingKind {
  if (typeof defaultValue === 'number') return 'number';
  return typeof defaultValue === 'boolean' ? 'switch' : 'text';
}
