import { examinationText } from '../../src/doctor/examination-text';
import { bad, look, ok } from '../../src/doctor/finding';

const ADVICE = { means: 'It means this.', todo: 'Do that.' };

describe('An examination', () => {
  it('is told with what is bad last, and names the cause to begin with', () => {
    const text = examinationText([
      bad('waiting-for-model', 'Three wait.', ADVICE),
      ok('process', 'It is ready.'),
      bad('model-refuses', 'No key.', ADVICE),
      look('no-alerts', 'Silence.', ADVICE),
    ]);
    expect(text).toBe(
      [
        'ok    process: It is ready.',
        '',
        'look  no-alerts: Silence.',
        '      It means this.',
        '      → Do that.',
        '',
        'bad   waiting-for-model: Three wait.',
        '      It means this.',
        '      → Do that.',
        'bad   model-refuses: No key.',
        '      It means this.',
        '      → Do that.',
        '',
        '2 things are bad, 1 to look at. Begin with model-refuses. Each name is explained in docs/operations.md.',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [[ok('process', 'x')], 'All is well.'],
    [[look('no-alerts', 'x', ADVICE)], 'Nothing is bad, 1 to look at. Each name is explained in docs/operations.md.'],
    [[bad('deaf', 'x', ADVICE)], '1 thing is bad. Each name is explained in docs/operations.md.'],
  ])('ends with a sentence: %#', (findings, sentence) => {
    expect(examinationText(findings).trimEnd().split('\n').at(-1)).toBe(sentence);
  });
});
