import { Defect, Unavailable } from './errors';
import { ToldTrouble } from './told-trouble';

const away = (): Unavailable => new Unavailable('db.unavailable', 'It does not answer.');

describe('A trouble', () => {
  it('that passes by itself is told when it begins and when it is over, and anew the next time', () => {
    const trouble = new ToldTrouble();
    expect(trouble.ends()).toBe(false);
    for (let time = 0; time < 2; time += 1) {
      expect([1, 2, 3].map(() => trouble.begins(away()))).toEqual([true, false, false]);
      expect([trouble.ends(), trouble.ends()]).toEqual([true, false]);
    }
  });

  it('of our own is told each time', () => {
    const trouble = new ToldTrouble();
    trouble.begins(away());
    expect([1, 2].map(() => trouble.begins(new Defect('x', 'unexpected')))).toEqual([true, true]);
  });
});
