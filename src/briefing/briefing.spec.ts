import { Logger } from '@nestjs/common';
import { Unavailable } from '../domain/errors';
import { Briefing, type BriefingSection } from './briefing';
import type { BriefingSubject, SectionSource } from './section-source';

const SUBJECT = {} as BriefingSubject;
const source = (title: string, gather: SectionSource['gather'], maxChars = 1000): SectionSource => ({
  title,
  maxChars,
  gather,
});
const gathered = (sources: SectionSource[], signal = new AbortController().signal): Promise<BriefingSection[]> =>
  new Briefing(sources).gather(SUBJECT, signal);
const never = (): Promise<string> => new Promise(() => undefined);

describe('The briefing', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('gives each section its place, found or not, and the reason where it is not', async () => {
    const sections = await gathered([
      source('a', () => Promise.resolve('found')),
      source('b', () => Promise.reject(new Unavailable('x', 'The server\nis away.'))),
      source('c', () => Promise.reject(new TypeError('x.y is not a function'))),
      source('d', () => Promise.resolve('x'.repeat(40)), 10),
    ]);
    expect(sections).toEqual([
      { title: 'a', text: 'found' },
      { title: 'b', text: 'not known: The server is away.' },
      { title: 'c', text: 'not known: this part of Vigil broke: a defect of its own.' },
      { title: 'd', text: `${'x'.repeat(10)}… (30 more characters)` },
    ]);
  });

  it('waits for no section longer than its time, also where it does not look at its signal', async () => {
    const beganMs = performance.now();
    const sections = await gathered([
      source('a', never),
      source('b', never),
      source('c', () => Promise.resolve('here')),
    ]);
    expect(performance.now() - beganMs).toBeLessThan(5_000); // one after the other would take longer
    expect(sections.map(({ text }) => text)).toEqual([
      'not known: this took longer than 2.5 s.',
      'not known: this took longer than 2.5 s.',
      'here',
    ]);
  });

  it('ends at once, with the reason, when the triage is cut off', async () => {
    const lost = new AbortController();
    const reason = new Error('the lease is lost');
    let heard: unknown;
    const gathering = gathered(
      [
        source('a', never),
        source('b', (_, signal) => {
          signal.addEventListener('abort', () => (heard = signal.reason));
          return never();
        }),
      ],
      lost.signal,
    );
    lost.abort(reason);
    await expect(gathering).rejects.toBe(reason);
    expect(heard).toBe(reason);
    await expect(gathered([source('a', () => Promise.resolve('x'))], lost.signal)).rejects.toBe(reason);
  });
});
