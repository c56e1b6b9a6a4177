import { isDoubtful, markedElsewhere, markedText, toldText, withoutForeignMarks } from './marked-text';
import type { ReportCheck } from './report';

const check: ReportCheck = {
  figures: [
    { field: 'headline', text: '83 %', at: 15, verified: 'unverified', how: 'stands nowhere' },
    { field: 'headline', text: '12', at: 24, verified: 'quoted', how: 'stands in r1' },
    { field: 'headline', text: '7 s', at: 30, verified: 'unverified', how: 'stands nowhere' },
  ],
  faults: [],
};

describe('A text with its marks', () => {
  it('says behind each figure that nothing bears it out, and leaves the others alone', () => {
    expect(markedText('payments fails 83 % for 12 of 7 s', 'headline', check)).toBe(
      'payments fails 83 % [unverified] for 12 of 7 s [unverified]',
    );
  });

  it('is the text itself where nothing was checked, or another text was', () => {
    expect(markedText('83 %', 'root_cause', check)).toBe('83 %');
    expect(markedText('83 %', 'headline', undefined)).toBe('83 %');
    expect([isDoubtful('headline', check), isDoubtful('root_cause', check)]).toEqual([true, false]);
  });

  const one = (text: string, at: number): ReportCheck => ({
    figures: [{ field: 'headline', text, at, verified: 'unverified', how: 'stands nowhere' }],
    faults: [],
  });

  it.each([
    ['it takes 83ms now', '83', 9, 'it takes 83ms [unverified] now'],
    ['it is 83 % now', '83', 6, 'it is 83 % [unverified] now'],
    ['it is 83% now', '83', 6, 'it is 83% [unverified] now'],
    ['83', '83', 0, '83 [unverified]'],
    ['moved: it is 83 now', '83', 0, 'moved: it is 83 [unverified] now'],
    ['gone', '83', 0, 'gone [unverified]'],
    ['83 🔥', '', 400, '83 🔥 [unverified]'],
  ])('marks in %j the word that holds %j at %i', (text, figure, at, marked) => {
    expect(markedText(text, 'headline', one(figure, at))).toBe(marked);
  });

  it('marks a place once, however many figures end there', () => {
    const twice = { figures: [...one('1.83', 0).figures, ...one('83', 2).figures], faults: [] };
    expect(markedText('1.83 s', 'headline', twice)).toBe('1.83 [unverified] s');
  });

  it('is told as a hypothesis when a figure in it is in doubt, and only then', () => {
    expect(toldText('it is 83 now', 'headline', one('83', 6))).toBe(
      'Hypothesis, not verified: it is 83 [unverified] now',
    );
    expect(toldText('it is 83 now', 'root_cause', one('83', 6))).toBe('it is 83 now');
    expect(toldText('it is 83 now', 'headline', undefined)).toBe('it is 83 now');
  });

  it('marks a figure in doubt in the texts that nobody looks up, where it stands by itself', () => {
    expect(markedElsewhere('12 of 83 % are at 83 %, not at 183 % or 83 %x; wait 7 s', check)).toBe(
      '12 of 83 % [unverified] are at 83 % [unverified], not at 183 % or 83 %x; wait 7 s [unverified]',
    );
    expect(markedElsewhere('wait 7 seconds', one('7', 0))).toBe('wait 7 seconds');
    expect(markedElsewhere('wait 7 seconds', undefined, ['7', ''])).toBe('wait 7 [unverified] seconds');
    expect(markedElsewhere('83 %', undefined)).toBe('83 %');
  });

  it.each([
    ['it is 83 % [verified] ✓ quote checked', 'it is 83 % (verified) · quote checked'],
    ['✅ [Quote checked by Vigil] 83 [unverified]', '· (Quote checked by Vigil) 83 (unverified)'],
    ['rate(x[5m]) of [::1] ["a"]', 'rate(x[5m]) of [::1] ["a"]'],
    [`[${'a'.repeat(50)} verified] [verified`, `[${'a'.repeat(50)} verified] [verified`],
  ])('takes the marks of code out of %j, in its length', (text, plain) => {
    expect(withoutForeignMarks(text)).toBe(plain);
    expect(plain).toHaveLength(text.length);
  });

  it('has no marks but those of code', () => {
    const text = '83 % [verified] since 7';
    expect(toldText(text, 'headline', one('83 %', 0))).toBe(
      'Hypothesis, not verified: 83 % [unverified] (verified) since 7',
    );
    expect(toldText(text, 'root_cause', one('83 %', 0))).toBe('83 % (verified) since 7');
    expect(markedElsewhere(text, one('83 %', 0))).toBe('83 % [unverified] (verified) since 7');
  });

  it('marks a figure a hundred thousand times in no time', () => {
    const started = performance.now();
    const marked = markedElsewhere('123 '.repeat(100_000), one('123', 0));
    expect(marked.length).toBe(100_000 * '123 [unverified] '.length);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
