// AWS's Query protocol: results and errors as XML.

const namespace = 'https://iam.amazonaws.com/doc/2010-05-08/';
const requestId = '00000000-0000-4000-8000-000000000000';

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escape = text => String(text).replace(/[&<>"]/g, c => entities[c]);

/** An element with text or elements in it. */
export const element = (name, content) => `<${name}>${content}</${name}>`;

/** An element with one <member> for each item. */
export const members = (name, items, write) => element(name, items.map(item => element('member', write(item))).join(''));

/** What a call throws to be answered with an error of AWS's. */
export class AwsError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  toXml() {
    const error = element('Type', this.status < 500 ? 'Sender' : 'Receiver') + element('Code', this.code) + element('Message', escape(this.message));
    return `<ErrorResponse xmlns="${namespace}">${element('Error', error)}${element('RequestId', requestId)}</ErrorResponse>`;
  }
}

export const invalidInput = message => new AwsError(400, 'InvalidInput', message);
export const noSuchEntity = message => new AwsError(404, 'NoSuchEntity', message);
export const accessDenied = message => new AwsError(403, 'AccessDenied', message);

/** The answer to an action, with one page of its results. */
export function page(action, results, { maxItems, marker }) {
  const start = marker === null ? 0 : Number.parseInt(marker, 10);
  if (!(start >= 0 && start <= results.length)) throw invalidInput(`Invalid Marker: ${marker}`);
  const end = start + maxItems;
  const more = end < results.length;
  const content = element('IsTruncated', more) + (more ? element('Marker', end) : '') + members('EvaluationResults', results.slice(start, end), result);
  return `<${action}Response xmlns="${namespace}">${element(`${action}Result`, content)}`
    + `${element('ResponseMetadata', element('RequestId', requestId))}</${action}Response>`;
}

function result(it) {
  return element('EvalActionName', escape(it.action))
    + element('EvalResourceName', escape(it.resources.length === 1 ? it.resources[0].resource : '*'))
    + element('EvalDecision', it.decision)
    + (it.resources.length === 1 ? statements(it.resources[0]) : '<MatchedStatements/>')
    + members('MissingContextValues', it.resources.length === 1 ? it.resources[0].missing : [], escape)
    + details(it.resources[0])
    + (it.named ? members('ResourceSpecificResults', it.resources, specific) : '');
}

function specific(it) {
  return element('EvalResourceName', escape(it.resource))
    + element('EvalResourceDecision', it.decision)
    + statements(it)
    + members('MissingContextValues', it.missing, escape)
    + (it.boundary === undefined ? '' : element('PermissionsBoundaryDecisionDetail', element('AllowedByPermissionsBoundary', it.boundary)));
}

const statements = it => members('MatchedStatements', it.matched, statement =>
  element('SourcePolicyId', escape(statement.id)) + element('SourcePolicyType', statement.type));

const details = it =>
  (it.organization === undefined ? '' : element('OrganizationsDecisionDetail', element('AllowedByOrganizations', it.organization)))
  + (it.boundary === undefined ? '' : element('PermissionsBoundaryDecisionDetail', element('AllowedByPermissionsBoundary', it.boundary)));
