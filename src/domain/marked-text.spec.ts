import { isDoubtful, markedText } from './marked-text';
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
});
