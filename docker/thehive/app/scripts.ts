/**
 * The Groovy scripts that run inside the graph server, each one transaction. Bindings are never called `id`, `key`, `label` or `value`:
 * those are tokens of the language. Each ends in a JSON text; vertex ids are text, as they may exceed 2^53.
 *
 * Reference counts and lists never end in `.count()`: JanusGraph may hand that step to the mixed index.
 */

/** Reads vertices with their fields, their attachments and, of a user, the organisation's name: a handful of queries for all. */
const describe = `
def fieldsOf = { properties ->
  def fields = [:]
  properties.each { p -> if (p.key() in ['tags', 'hashes']) { fields.computeIfAbsent(p.key(), { [] }) << p.value() } else { fields[p.key()] = p.value() } }
  fields
}
def describe = { vertices ->
  if (vertices.isEmpty()) { return [] }
  def fields = graph.multiQuery(vertices).properties()
  def attached = graph.multiQuery(vertices).direction(Direction.OUT).labels('LogAttachment', 'ObservableAttachment').vertices()
  def files = attached.values().collectMany { it.toList() }.unique()
  def fileFields = files.isEmpty() ? [:] : graph.multiQuery(files).properties()
  vertices.collect { v ->
    def own = fieldsOf(fields[v])
    if (own._label == 'User') { v.vertices(Direction.IN, 'OrganisationUser').each { own.organisation = it.value('name'); own.organisationId = '~' + it.id() } }
    [id: v.id().toString(), fields: own, attachments: attached[v].collect { [id: it.id().toString(), fields: fieldsOf(fileFields[it])] }]
  }
}
def vertexOf = { key, wanted ->
  def i = graph.vertices(key as Long)
  def v = i.hasNext() ? i.next() : null
  v != null && v.property('_label').orElse(null) == wanted ? v : null
}
def organisationOf = { name -> g.V().has('_label', 'Organisation').toList().find { it.value('name') == name } }
`;

/** Sets fields; of a list only what differs is touched, so that an unchanged tag keeps its cell. */
const assign = `
def valueOf = { k, value -> k in ['severity', 'number'] ? value as Integer : k in ['createdAt', 'updatedAt', 'size'] ? value as Long : value }
def assign = { v, fields -> fields.each { k, value ->
  if (value instanceof List) {
    v.properties(k).findAll { !value.contains(it.value()) }.each { it.remove() }
    def kept = v.values(k).toList()
    value.unique(false).findAll { !kept.contains(it) }.each { v.property(VertexProperty.Cardinality.list, k, it) }
  } else { v.property(k, valueOf(k, value)) } } }
def add = { entity, fields -> def v = graph.addVertex(entity); v.property('_label', entity); assign(v, fields); v }
`;

const asJson = (value: string): string => `groovy.json.JsonOutput.toJson(${value})\n`;
const read = (body: string, value: string): string =>
  `${describe}${body}\ndef answer = ${value}\ngraph.tx().rollback()\n${asJson("answer")}`;
/** A body that returns \`[refusal: word]\` has changed nothing. */
const write = (body: string): string => `${describe}${assign}
def answer
try {
  answer = ({ -> ${body} })()
  if (answer.refusal != null) { graph.tx().rollback() } else { graph.tx().commit() }
} catch (Throwable problem) { graph.tx().rollback(); throw problem }
${asJson("answer")}`;

/** Version that the database says it has, null for a new one. */
export const readVersion = read("", "[version: graph.variables().get('thehive_version').orElse(null)]");
export const writeVersion = `graph.variables().set('thehive_version', version as Integer)\ngraph.tx().commit()\n'true'\n`;

/** Start of the trial licence in milliseconds, null where there is none. */
export const readTrial = read("", "[beganAt: graph.variables().get('thehive_trial_began').orElse(null)]");
export const writeTrial = `graph.variables().set('thehive_trial_began', beganAt as Long)\ngraph.tx().commit()\n'true'\n`;

/** Vertices by id; those that do not exist are left out. */
export const readByIds = read(
  "",
  "describe(vertexKeys.isEmpty() ? [] : graph.vertices(vertexKeys.collect { it as Long } as Object[]).toList())",
);
export const findByLogin = read("", "describe(g.V().has('login', login).toList())");
export const findOrganisation = read(
  "def found = organisationOf(name)",
  "describe(found == null ? [] : [found])",
);

/**
 * Ids of a label: by the composite index, and every filter besides by the mixed index, so that a stale index shows.
 * With \`order\`, pairs of id and that field.
 */
export const listIds = read(
  `def t = g.V().has('_label', entity)
filters.each { f ->
  def value = f.field in ['createdAt', 'updatedAt', 'size'] ? f.value as Long : f.value
  t = f.kind == 'word' ? t.has(f.field, textContains(value)) : f.kind == 'prefix' ? t.has(f.field, textContainsPrefix(value)) : t.has(f.field, value)
}`,
  "order == null ? t.id().toList().collect { it.toString() } : t.toList().collect { [it.id().toString(), it.property(order).orElse(null)] }",
);

/** How many the mixed index says that there are: asked without materialising a vertex. */
export const countWord = read(
  "def n = g.V().has('_label', entity).has(field, textContains(word)).count().next()",
  "n",
);

export const highestCaseNumber = read(
  "def n = g.V().has('_label', 'Case').values('number').toList().max() ?: 0",
  "n",
);

/** Adds an entity below its parent and its organisation, with rows for its files. Refusals: parent, organisation, taken. */
export const create = write(`
  def parent = parentKey == null ? null : vertexOf(parentKey, parentEntity)
  if (parentKey != null && parent == null) { return [refusal: 'parent'] }
  def organisation = organisationName == null ? null : organisationOf(organisationName)
  if (organisationName != null && organisation == null) { return [refusal: 'organisation'] }
  def t = g.V()
  unique.each { t = t.has(it, fields[it]) }
  if (!unique.isEmpty() && t.hasNext()) { return [refusal: 'taken'] }
  if (entity == 'Organisation' && organisationOf(fields.name) != null) { return [refusal: 'taken'] }
  def v = add(entity, fields)
  if (parent != null) { parent.addEdge(edge, v) }
  if (organisation != null) { organisation.addEdge('Organisation' + entity, v) }
  files.each { v.addEdge(entity + 'Attachment', add('Attachment', it)) }
  [vertex: describe([v])]
`);

/** Sets fields of an entity. Refusal: missing. */
export const update = write(`
  def v = vertexOf(vertexKey, entity)
  if (v == null) { return [refusal: 'missing'] }
  assign(v, fields)
  [done: true]
`);

/** A case made of an alert, which then names the case. Refusals: missing, imported. */
export const promote = write(`
  def alert = vertexOf(vertexKey, 'Alert')
  if (alert == null) { return [refusal: 'missing'] }
  if (alert.property('caseId').isPresent()) { return [refusal: 'imported'] }
  def inherited = fieldsOf(alert.properties('title', 'description', 'severity', 'tags'))
  def v = add('Case', inherited + fields)
  alert.addEdge('AlertCase', v)
  organisationOf(organisationName)?.addEdge('OrganisationCase', v)
  assign(alert, [caseId: '~' + v.id(), status: 'Imported', updatedBy: fields.createdBy, updatedAt: fields.createdAt])
  [vertex: describe([v])]
`);

/** Everything below an entity, itself included, deepest last; of attachments also how many rows share the file in all. */
export const readSubtree = read(
  `def walk
walk = { v -> [v] + v.vertices(Direction.OUT, 'CaseTask', 'TaskLog', 'CaseObservable', 'LogAttachment', 'ObservableAttachment').toList().collectMany { walk(it) } }
def top = vertexOf(vertexKey, entity)
def below = top == null ? [] : walk(top).collect { v ->
  def sha256 = v.value('_label') == 'Attachment' ? v.value('attachmentId') : null
  [id: v.id().toString(), sha256: sha256, references: sha256 == null ? 0 : g.V().has('attachmentId', sha256).toList().size()]
}`,
  "below",
);

/** Removes vertices; an alert forgets the case that goes. */
export const removeAll = write(`
  vertexKeys.each { key ->
    def i = graph.vertices(key as Long)
    if (i.hasNext()) {
      def v = i.next()
      v.vertices(Direction.IN, 'AlertCase').each { alert -> alert.properties('caseId').each { it.remove() } }
      v.remove()
    }
  }
  [done: true]
`);
