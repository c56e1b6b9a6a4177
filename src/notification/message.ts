import type { DigestItem } from '../domain/digest';
import type { Notice } from '../domain/notice';
import type { Triage } from '../domain/triage';

/** What is said to a channel: everything that a notifier needs to write it. */
export type Message =
  | { readonly kind: 'report'; readonly triage: Triage; readonly link: string }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'digest'; readonly items: readonly LinkedItem[] };

/** The weightiest items have links. */
export type LinkedItem = DigestItem & { readonly link?: string };
