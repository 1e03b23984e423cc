// Collects a principal's policies from moto, by the calls that IAM has for them.

import { AwsError, invalidInput, noSuchEntity } from './answer.mjs';

const organizationTag = 'organization-policy';

const unescape = text => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;|&#34;/g, '"').replace(/&#39;|&#x27;/g, "'").replace(/&amp;/g, '&');
const values = (xml, name) => [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(match => match[1]);

async function call(backend, parameters) {
  const answer = await fetch(backend, {
    method: 'POST',
    body: new URLSearchParams({ Version: '2010-05-08', ...parameters }),
    // moto tells the service from the credential's scope; it checks no signature.
    headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=x/20200101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x' },
  });
  const xml = await answer.text();
  if (!answer.ok) throw new AwsError(answer.status, values(xml, 'Code')[0] ?? 'ServiceFailure', unescape(values(xml, 'Message')[0] ?? xml));
  return xml;
}

function document(xml) {
  const text = unescape((values(xml, 'PolicyDocument')[0] ?? values(xml, 'Document')[0]).trim());
  return JSON.parse(text.startsWith('{') ? text : decodeURIComponent(text));
}

async function managed(backend, arn) {
  const version = values(await call(backend, { Action: 'GetPolicy', PolicyArn: arn }), 'DefaultVersionId')[0];
  const policy = document(await call(backend, { Action: 'GetPolicyVersion', PolicyArn: arn, VersionId: version }));
  return { name: arn.slice(arn.lastIndexOf('/') + 1), policy };
}

async function policiesOf(backend, kind, name) {
  const key = `${kind}Name`, found = [];
  for (const policy of values(await call(backend, { Action: `List${kind}Policies`, [key]: name }), 'member')) {
    const answer = await call(backend, { Action: `Get${kind}Policy`, [key]: name, PolicyName: policy });
    found.push({ name: `${kind.toLowerCase()}_${name}_${policy}`, policy: document(answer) });
  }
  for (const arn of values(await call(backend, { Action: `ListAttached${kind}Policies`, [key]: name }), 'PolicyArn')) {
    found.push(await managed(backend, arn));
  }
  return found;
}

/** The policies of a user or role: its own and, for a user, those of its groups; its permissions boundary; its organization's policy. */
export async function principal(backend, arn) {
  const match = /^arn:[^:]+:iam::\d{12}:(role|user)\/(?:.*\/)?([^/]+)$/.exec(arn);
  if (!match) throw invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  const kind = match[1] === 'role' ? 'Role' : 'User', name = match[2];

  const itself = await call(backend, { Action: `Get${kind}`, [`${kind}Name`]: name });
  // The path is part of an ARN: a name alone is not enough.
  if (values(itself, 'Arn')[0] !== arn) throw noSuchEntity(`The ${match[1]} with name ${name} cannot be found.`);

  const identity = await policiesOf(backend, kind, name);
  if (kind === 'User') {
    for (const group of values(await call(backend, { Action: 'ListGroupsForUser', UserName: name }), 'GroupName')) {
      identity.push(...await policiesOf(backend, 'Group', group));
    }
  }
  const boundary = values(itself, 'PermissionsBoundaryArn')[0];
  const tags = await call(backend, { Action: `List${kind}Tags`, [`${kind}Name`]: name });
  const organization = values(tags, 'member').find(tag => values(tag, 'Key')[0] === organizationTag);
  return {
    identity,
    boundary: boundary && [await managed(backend, boundary)],
    organization: organization && await managed(backend, values(organization, 'Value')[0]),
  };
}
