// Stands before moto and answers IAM's policy simulation, which moto lacks; everything else is passed on. See README.md.
// usage: node index.mjs --backend URL [--port 0] [--host 127.0.0.1] [--deny ACCESS-KEY:iam:ACTION]...

import http from 'node:http';
import { parseArgs } from 'node:util';
import { AwsError, accessDenied, page } from './answer.mjs';
import { simulate } from './simulation.mjs';

const { values: options } = parseArgs({
  options: {
    backend: { type: 'string' },
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    deny: { type: 'string', multiple: true, default: [] },
  },
});
const backend = new URL(options.backend);
const longestForm = 1 << 20;

const server = http.createServer((request, response) => {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') && Number(request.headers['content-length']) < longestForm;
  if (!isForm) {
    request.pipe(passOn(request, response));
    return;
  }

  const chunks = [];
  request.on('data', chunk => chunks.push(chunk)).on('end', async () => {
    const body = Buffer.concat(chunks), form = new URLSearchParams(body.toString());
    try {
      const xml = await answer(request, form);
      if (xml === null) passOn(request, response).end(body);
      else send(response, 200, xml);
    } catch (error) {
      const known = error instanceof AwsError ? error : new AwsError(500, 'ServiceFailure', error.stack);
      send(response, known.status, known.toXml());
    }
  });
});

/** The XML of an answer that is given here; null where moto is to give it. */
async function answer(request, form) {
  const action = form.get('Action') ?? '';
  const key = /Credential=([^/]+)\/[^/]+\/[^/]+\/iam\//.exec(request.headers.authorization ?? '')?.[1];
  if (options.deny.includes(`${key}:iam:${action}`)) {
    const resource = form.get('PolicySourceArn') ?? `arn:aws:iam::123456789012:role/${form.get('RoleName')}`;
    throw accessDenied(`User: arn:aws:iam::123456789012:user/${key} is not authorized to perform: iam:${action} on resource: ${resource} `
      + `because no identity-based policy allows the iam:${action} action`);
  }

  if (action !== 'SimulatePrincipalPolicy' && action !== 'SimulateCustomPolicy') return null;
  return page(action, await simulate(backend, form), { maxItems: Number(form.get('MaxItems') ?? 100), marker: form.get('Marker') });
}

function passOn({ method, url, headers }, response) {
  const { hostname, port } = backend;
  return http.request({ hostname, port, method, path: url, headers }, answered => {
    response.writeHead(answered.statusCode, answered.headers);
    answered.pipe(response);
  }).on('error', error => send(response, 502, new AwsError(502, 'BadGateway', error.message).toXml()));
}

function send(response, status, xml) {
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(xml);
}

server.listen(Number(options.port), options.host, () => console.log(`listening on ${server.address().port}`));
