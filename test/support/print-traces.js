// Runs inside the gateway's process, by --import: prints what tracers are told.
import { subscribe } from 'node:diagnostics_channel';

const NAMES = ['request:start', 'request:end', 'plan', 'attempt'];

for (const name of NAMES)
  subscribe(`itnio-gateway:${name}`, (message) => {
    if (name === 'request:start' && message.traceparent === undefined) message.traceId = 'f'.repeat(32);
    process.stderr.write(`trace ${JSON.stringify({ name, ...message })}\n`);
  });
