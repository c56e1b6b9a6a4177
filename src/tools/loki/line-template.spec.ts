import { lineMessage } from './line-message';
import { lineTemplate } from './line-template';

describe('The template of a line', () => {
  it.each([
    ['numbers and their units', 'took 950ms for 1,234 rows, 12.5% of 3GiB', 'took <*> for <*> rows, <*> of <*>'],
    ['durations of several parts', 'waited 1m30.5s and 2h45m', 'waited <*> and <*>'],
    ['uuids', 'cart 550e8400-e29b-41d4-a716-446655440000 saved', 'cart <*> saved'],
    ['hex and hashes', 'at 0xdeadbeef, sha256:9f86d081884c7d65', 'at <*>, sha256:<*>'],
    ['addresses with ports', 'dial tcp 10.0.0.5:5432: refused', 'dial tcp <*>: refused'],
    ['mail addresses', 'sent to alice.b@example.com.', 'sent to <*>.'],
    [
      'URLs: what varies in them',
      'GET https://pay.example.com/v1/charge/77?x=1&y=2',
      'GET https://pay.example.com/v<*>/charge/<*>?<*>',
    ],
    ['paths with ids', 'GET /users/42/orders/9f3c2e1b77', 'GET /users/<*>/orders/<*>'],
    ['moments', 'since 2026-11-24T12:00:00.123Z', 'since <*>'],
    ['names that are numbered', 'worker12 of payments-7d9f8b6c5-x2x4z', 'worker<*> of payments-<*>'],
    ['versions', 'started v2.14.0-rc.1', 'started v<*>-rc.<*>'],
    ['words as long as a token', `key ${'a1'.repeat(200)}`, 'key <*>'],
  ])('leaves out %s', (_, text, template) => {
    expect(lineTemplate(text)).toBe(template);
  });

  it.each([
    ['error codes', 'connect ECONNREFUSED, ORA-00942, E11000'],
    ['the status of an answer', 'answered 503, status=404, HTTP 500, 5xx'],
    ['codes of vendors', 'SQLSTATE 23505, exit code 137, QueryError 42P01'],
    ['names with a digit in them', 'p99 of s3 on k8s, utf8'],
    ['words in quotes', `relation "stock_holds" does not exist (reading 'currency')`],
  ])('keeps %s', (_, text) => {
    expect(lineTemplate(text)).toBe(text);
  });

  it.each([
    ['支付服务连接失败：订单 8812，重试 3 次', '支付服务连接失败：订单 <*>，重试 <*> 次'],
    ['订单8812支付失败，用户17', '订单<*>支付失败，用户<*>'],
    ['Ошибка подключения к db-1: ожидание 30с', 'Ошибка подключения к db-<*>: ожидание <*>с'],
    ['Der Dienst „Zahlung 7“ antwortet nicht, Größe 12 MB', 'Der Dienst „Zahlung <*>“ antwortet nicht, Größe <*> MB'],
  ])('keeps the words of other languages: %s', (text, template) => {
    expect(lineTemplate(text)).toBe(template);
  });

  it('keeps the status with which systemd saw a process end', () => {
    expect(lineTemplate('shop.service: Main process exited, code=exited, status=137/n/a')).toContain('status=137/n/a');
    expect(lineTemplate('Main process exited, code=killed, status=9/KILL')).toContain('status=9/KILL');
  });

  it('tells a 500 of an access log from a 200', () => {
    const line = (status: number): string =>
      lineTemplate(`10.0.0.1 - - [24/Nov/2026:12:00:00 +0000] "GET /a/7 HTTP/1.1" ${status} 1234 "-" "curl/8.1"`);
    expect(line(500)).not.toBe(line(200));
    expect(line(500)).toBe('<*> - - [<*>] "GET /a/<*> HTTP/<*>" 500 <*> "-" "curl/<*>"');
  });
});

describe('The message of a line', () => {
  it.each([
    [
      'JSON',
      '{"time":"x","level":"ERROR","msg":"charge failed","trace_id":"95eabee412ed9c8e"}',
      { message: 'charge failed', level: 'error', traceId: '95eabee412ed9c8e' },
    ],
    [
      'JSON in the message of JSON',
      '{"message":"{\\"level\\":\\"error\\",\\"msg\\":\\"inner failed\\"}","stream":"stderr"}',
      { message: 'inner failed', level: 'error' },
    ],
    [
      "Rust's tracing",
      '{"level":"ERROR","fields":{"message":"connection reset","error.kind":"io"},"target":"shop::db"}',
      { message: 'connection reset', level: 'error' },
    ],
    [
      'journald',
      '{"MESSAGE":"Failed to start shop.service.","PRIORITY":"3"}',
      { message: 'Failed to start shop.service.', level: 'error' },
    ],
    [
      'klog behind the name of a program',
      'Nov 24 12:03:11 node-3 kubelet[700]: E1124 12:03:11.123456     700 pod.go:1300] "Error syncing pod"',
      { message: '"Error syncing pod"', level: 'error' },
    ],
    [
      'colours',
      '\u001b[31mERROR\u001b[0m [2026-11-24T12:03:11Z] connection \u001b[1mlost\u001b[0m',
      { message: 'connection lost', level: 'error' },
    ],
    ['colours in JSON', '{"msg":"\\u001b[31mboom\\u001b[0m"}', { message: 'boom' }],
    [
      'a stack trace, with the exception behind the message of the logger',
      '2026-11-24 12:03:11,123 ERROR request failed\njava.io.IOException: disk full\n\tat a.B.c(B.java:1)',
      { message: 'request failed java.io.IOException: disk full', level: 'error' },
    ],
    [
      'pino, with its error',
      '{"level":50,"msg":"request","err":{"type":"E","message":"connect ECONNREFUSED"}}',
      { message: 'request: connect ECONNREFUSED', level: 'error' },
    ],
    [
      'JSON with a status that failed',
      '{"level":"info","msg":"request","status":502}',
      { message: 'request (status 502)', level: 'info' },
    ],
    [
      'JSON with a status that is fine',
      '{"level":"info","msg":"request","status":200}',
      { message: 'request', level: 'info' },
    ],
    [
      'JSON without a message',
      '{"ts":1,"level":"warn","pool":"db","waiting":7}',
      { message: 'pool=db waiting=7', level: 'warn' },
    ],
    [
      "Docker's wrapping of JSON",
      '{"log":"{\\"level\\":\\"warn\\",\\"msg\\":\\"inner\\"}\\n","stream":"stderr","time":"x"}',
      { message: 'inner', level: 'warn' },
    ],
    [
      "Docker's wrapping of text",
      '{"log":"2026-11-24T12:00:00Z WARN plain\\n","stream":"stderr"}',
      { message: 'plain', level: 'warn' },
    ],
    [
      'logfmt of Go',
      'time=2026-11-24T12:00:00Z level=error msg="query failed" err="connection refused"',
      { message: 'query failed: connection refused', level: 'error' },
    ],
    [
      'the container runtime',
      '2026-11-24T12:00:00.123456789Z stderr F panic: index out of range',
      { message: 'panic: index out of range' },
    ],
    [
      'klog',
      'E1124 12:00:00.123456       1 reflector.go:138] Failed to watch pods',
      { message: 'Failed to watch pods', level: 'error' },
    ],
    [
      'log4j with its trace',
      '2026-11-24 12:00:00,123 ERROR [main] c.x.Orders - Order failed\njava.lang.X: no\n\tat a.b(C.java:1)\nCaused by: java.sql.SQLException: pool',
      { message: '[main] c.x.Orders - Order failed Caused by: java.sql.SQLException: pool', level: 'error' },
    ],
    [
      'Python',
      '2026-11-24 12:00:00,123 - shop.cart - WARNING - cart is empty',
      { message: 'shop.cart - WARNING - cart is empty', level: 'warn' },
    ],
    [
      "Python's traceback",
      'Traceback (most recent call last):\n  File "x.py", line 3, in f\nValueError: bad value',
      { message: 'ValueError: bad value' },
    ],
    ['Node', '[error]: listen EADDRINUSE', { message: 'listen EADDRINUSE', level: 'error' }],
    [
      'a sentence that begins with a level',
      'error connecting to the database',
      { message: 'error connecting to the database' },
    ],
    ['syslog', 'Nov 24 12:00:00 web-1 sshd[12]: Failed password', { message: 'sshd[12]: Failed password' }],
    ['one line of a stack trace', '\tat com.x.Orders.place(Orders.java:31)', { message: '(a line of a stack trace)' }],
    ['broken JSON', '{"level":"error","msg":"cut he', { message: '{"level":"error","msg":"cut he' }],
  ])('is read of %s', (_, line, message) => {
    expect(lineMessage(line)).toEqual(message);
  });

  it('is one line of a bounded length, whatever comes', () => {
    const long = lineMessage(JSON.stringify({ msg: `a\nb ${'x'.repeat(100_000)}` })).message;
    expect(long.length).toBeLessThanOrEqual(600);
    expect(lineMessage('one\u2028two\r\n\tthree').message).not.toMatch(/[\n\r\u2028]/);
  });

  it('ends soon on texts that are made to slow it down', () => {
    const texts = [
      '1',
      '1m',
      'a="',
      "'",
      '/',
      '<*>',
      '{"a":',
      ' msg=',
      'x@',
      '[',
      '\\"',
      'A ',
      '12:',
      '?<*>=',
      'aaaaaaaa',
    ];
    for (const text of texts) lineTemplate(lineMessage(`msg=${text.repeat(20_000)}`).message);
    for (const text of texts) lineTemplate(`${text.repeat(2_000)}!`);
    expect(texts).toHaveLength(15);
  });
});
