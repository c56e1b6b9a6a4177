/** What a service's process is told at its start: JSON in its environment, where no process list shows it. */
export interface ServiceSettings {
  readonly name: string;
  readonly port: number;
  readonly version: string;
  readonly revision: string;
  readonly lokiPushUrl: string;
}

export const SETTINGS_VARIABLE = 'SHOP_SERVICE';

export function readSettings<Settings extends ServiceSettings>(): Settings {
  return JSON.parse(process.env[SETTINGS_VARIABLE] ?? '') as Settings;
}
