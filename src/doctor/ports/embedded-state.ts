/** What there is to see of the embedded Postgres; nothing is started, and nothing written. */
export type EmbeddedState =
  /** No Vigil ever started with this directory. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'stopped' }
  /** It starts, recovers or ends. */
  | { readonly kind: 'busy' }
  /** `url` holds the password. `owned`: a living Vigil holds the directory. */
  | { readonly kind: 'running'; readonly url: string; readonly owned: boolean };
