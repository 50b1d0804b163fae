import { createServer } from 'node:http';

/*
 * The vendor in the benchmark: it knows neither keys nor faults and has each page ready as bytes, so that next to nothing
 * of what is measured is its own. The sandbox checks and composes; it would be the bottleneck. Each app has the
 * same 10,000 phones; calls for apps whose ids begin with `slow` are answered 20 ms late, those that begin with `changing` with a
 * first phone that has another number each time. `GET /calls` says how many calls came so far.
 */
const TOTAL = 10_000;
const SLOW_MS = 20;

const records = Array.from({ length: TOTAL }, (_, index) => ({
  groupName: `group-${index % 17}`,
  phoneName: `sip-${index}`,
  account: `test_${String(index).padStart(6, '0')}`,
  password: `pw${index.toString(36)}LX9FZd`,
  displayNum: `8610${String(index).padStart(7, '0')}`,
}));

const pages = new Map<string, Buffer>();

function getPage(current: number, size: number): Buffer {
  const key = `${current}/${size}`;
  const known = pages.get(key);
  if (known !== undefined) return known;
  const data = {
    total: TOTAL,
    size,
    current,
    pages: Math.ceil(TOTAL / size),
    records: records.slice((current - 1) * size, current * size),
  };
  const page = Buffer.from(JSON.stringify({ status: '0', reason: ' success', data }));
  pages.set(key, page);
  return page;
}

const NUMBER_KEY = '"displayNum":"8610';

/** The page with seven digits of its first phone's number replaced. */
function changePage(page: Buffer): Buffer {
  const changed = Buffer.from(page);
  changed.write(String(calls % 10_000_000).padStart(7, '0'), page.indexOf(NUMBER_KEY) + NUMBER_KEY.length);
  return changed;
}

let calls = 0;

createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.method === 'GET') {
    response.end(String(calls));
    return;
  }
  calls += 1;
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text;
  });
  request.once('end', () => {
    const { current, size, params } = JSON.parse(body);
    const page = params.appId.startsWith('changing')
      ? changePage(getPage(current, size))
      : getPage(current, size);
    const send = () => {
      response.writeHead(200, {
        'Content-Type': 'application/json;charset=UTF-8',
        'Content-Length': page.length,
      });
      response.end(page);
    };
    if (params.appId.startsWith('slow')) setTimeout(send, SLOW_MS);
    else send();
  });
}).listen(Number(process.env['PORT']), '127.0.0.1');
