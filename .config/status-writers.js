// @ts-check

/**
 * Finds code that writes the status of deployments, environments, executions, projects, approvals of forks or installations of
 * the GitHub App. Only modules named `transitions` may: they compare and set the status, and write the event, if there is one, in
 * the same transaction.
 */

const TABLES = '(?:deployments|environments|executions|projects|fork_approvals|github_installations)';
/** The status of a project has a default, so inserting a project writes it only if the statement names it. */
const INSERTED_TABLES = '(?:deployments|environments|executions|fork_approvals|github_installations)';
const ENTITIES = /^(Deployment|Environment|Execution|ForkApproval|GithubInstallation|Project)Entity$/;
/** Replaces each `${…}` of a template. */
const HOLE = '\u0000';
const NAME = `["']?(?:${TABLES}|${HOLE})["']?`;
const UPDATE = new RegExp(
  `\\bUPDATE\\s+(?:ONLY\\s+)?${NAME}(?:\\s+(?:AS\\s+)?["\\w${HOLE}]+)?\\s+SET\\b`,
  'gi',
);
const INSERT = new RegExp(`\\b(?:INSERT|MERGE)\\s+INTO\\s+["']?${INSERTED_TABLES}\\b`, 'i');
const INSERT_PROJECT = /\b(?:INSERT|MERGE)\s+INTO\s+["']?projects\b[^(]*\([^)]*\bstatus\b/i;
const ENDS_SET = /\b(?:WHERE|FROM|RETURNING)\b/i;
const ADVICE = 'Move it through the `transitions` of its concept in libs/state, which write the event too.';

/**
 * Returns whether SQL writes one of the statuses, or may do so: a column list that is built elsewhere counts.
 *
 * @param {string} sql with `HOLE` for each `${…}`
 */
export function writesStatus(sql) {
  if (INSERT.test(sql) || INSERT_PROJECT.test(sql)) return true;
  return [...sql.matchAll(UPDATE)].some(({ 0: update, index }) => {
    const isOfAnyTable = update.includes(HOLE);
    return assignmentsOf(sql.slice(index + update.length)).some((assignment) => {
      const [column = ''] = assignment.split('=');
      return /\bstatus\b/i.test(column) || (column.includes(HOLE) && !isOfAnyTable);
    });
  });
}

/**
 * Returns the assignments of a SET clause: the text between the commas outside parentheses.
 *
 * @param {string} sql from the clause on
 * @returns {string[]}
 */
function assignmentsOf(sql) {
  const assignments = [''];
  let depth = 0;
  for (const [token] of sql.matchAll(/'(?:[^']|'')*'|[A-Za-z_]\w*|[^]/g)) {
    if (depth === 0 && ENDS_SET.test(token)) break;
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (depth < 0) break;
    if (token === ',' && depth === 0) assignments.push('');
    else assignments[assignments.length - 1] += token;
  }
  return assignments;
}

/** @typedef {import('eslint').Rule.Node} Node */

/**
 * Returns the text of a string, a template or a concatenation of them; undefined for anything else.
 *
 * @param {Node} node
 * @returns {string | undefined}
 */
function textOf(node) {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.cooked ?? '').join(HOLE);
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const [left, right] = [node.left, node.right].map((side) => textOf(/** @type {Node} */ (side)));
  return left === undefined && right === undefined ? undefined : `${left ?? HOLE}${right ?? HOLE}`;
}

/**
 * Returns whether an object literal sets `status`, or may do so.
 *
 * @param {Node | undefined} node
 */
function setsStatus(node) {
  if (node?.type !== 'ObjectExpression') return true;
  return node.properties.some((property) => {
    if (property.type === 'SpreadElement') return false;
    const { key } = property;
    if (property.computed) return true;
    return (
      (key.type === 'Identifier' && key.name === 'status') ||
      (key.type === 'Literal' && key.value === 'status')
    );
  });
}

/**
 * Returns the entity or the table that an argument names, if it is one of those with a status.
 *
 * @param {Node | undefined} node
 */
function entityOf(node) {
  if (node?.type === 'Identifier') return ENTITIES.exec(node.name)?.[1];
  if (node?.type !== 'Literal' || typeof node.value !== 'string') return undefined;
  return new RegExp(`^${TABLES}$`).exec(node.value)?.[0];
}

/**
 * Returns whether a query builder updates one of the entities: whether `.update(Entity)` comes earlier in the chain.
 *
 * @param {Node} builder
 */
function isOfEntity(builder) {
  for (let node = builder; node.type === 'CallExpression' && node.callee.type === 'MemberExpression';) {
    const { object, property } = node.callee;
    const [first] = /** @type {Node[]} */ (node.arguments);
    if (property.type === 'Identifier' && property.name === 'update' && entityOf(first) !== undefined)
      return true;
    node = /** @type {Node} */ (object);
  }
  return false;
}

/** @param {Node} node */
function isEntityManager(node) {
  const named = node.type === 'MemberExpression' ? node.property : node;
  return named.type === 'Identifier' && named.name === 'manager';
}

/** @param {Extract<Node, { type: 'CallExpression' }>} call */
function callWritesStatus(call) {
  const { callee, arguments: values } = call;
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  const [first, ...others] = /** @type {Node[]} */ (values);
  switch (callee.property.name) {
    // A query builder's `update(Entity).set({ … })`. Any other `set`, such as a map's, takes a key first.
    case 'set':
      return (
        others.length === 0 &&
        (first?.type === 'ObjectExpression' || isOfEntity(/** @type {Node} */ (callee.object))) &&
        setsStatus(first)
      );
    case 'update':
      return others.length > 0 && entityOf(first) !== undefined && setsStatus(others.at(-1));
    case 'save':
      // The type and the changes of a row that was read earlier are unknown here.
      if (!isEntityManager(/** @type {Node} */ (callee.object)) || first?.type !== 'Identifier') return false;
      return entityOf(first) !== undefined || !first.name.endsWith('Entity');
    case 'insert':
    case 'into':
    case 'upsert': {
      const entity = entityOf(first);
      if (entity === undefined) return false;
      return entity === 'Project' || entity === 'projects'
        ? others.length > 0 && setsStatus(others[0])
        : true;
    }
    default:
      return false;
  }
}

/** @type {import('eslint').Rule.RuleModule} */
const rule = {
  meta: { type: 'problem', schema: [], messages: { writes: `This writes a status. ${ADVICE}` } },
  create(context) {
    /** @param {Node} node */
    const checkText = (node) => {
      const { parent } = node;
      if (parent?.type === 'BinaryExpression' && parent.operator === '+') return;
      const text = textOf(node);
      if (text !== undefined && writesStatus(text)) context.report({ node, messageId: 'writes' });
    };
    return {
      Literal: checkText,
      TemplateLiteral: checkText,
      BinaryExpression: checkText,
      CallExpression(node) {
        if (callWritesStatus(node)) context.report({ node, messageId: 'writes' });
      },
    };
  },
};

/** The rule as an ESLint plugin. */
export const statusWriters = { rules: { 'no-status-writes': rule } };
